using MassTransit;
using Payouts.Contracts;
using Payouts.Rounds.Game;
using Payouts.Rounds.Intake;

namespace Payouts.Rounds.Consumers;

/// <summary>Handles <see cref="GameRoundEntered"/>.</summary>
internal sealed class GameRoundEnteredConsumer(GameEventIntake intake) : IConsumer<GameRoundEntered>
{
    public Task Consume(ConsumeContext<GameRoundEntered> context) => intake.TakeAsync(context, GameEventReader.Read(context.Message));
}
