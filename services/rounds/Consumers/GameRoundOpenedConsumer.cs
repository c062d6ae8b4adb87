using MassTransit;
using Payouts.Contracts;
using Payouts.Rounds.Game;
using Payouts.Rounds.Intake;

namespace Payouts.Rounds.Consumers;

/// <summary>Handles <see cref="GameRoundOpened"/>.</summary>
internal sealed class GameRoundOpenedConsumer(GameEventIntake intake) : IConsumer<GameRoundOpened>
{
    public Task Consume(ConsumeContext<GameRoundOpened> context) => intake.TakeAsync(context, GameEventReader.Read(context.Message));
}
