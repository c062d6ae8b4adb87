using MassTransit;
using Payouts.Contracts;
using Payouts.Rounds.Game;
using Payouts.Rounds.Intake;

namespace Payouts.Rounds.Consumers;

/// <summary>Handles <see cref="GameRoundDrawn"/>.</summary>
internal sealed class GameRoundDrawnConsumer(GameEventIntake intake) : IConsumer<GameRoundDrawn>
{
    public Task Consume(ConsumeContext<GameRoundDrawn> context) => intake.TakeAsync(context, GameEventReader.Read(context.Message));
}
