using MassTransit;
using Payouts.Contracts;
using Payouts.Rounds.Game;
using Payouts.Rounds.Intake;

namespace Payouts.Rounds.Consumers;

/// <summary>Handles <see cref="GameRoundClosed"/>.</summary>
internal sealed class GameRoundClosedConsumer(GameEventIntake intake) : IConsumer<GameRoundClosed>
{
    public Task Consume(ConsumeContext<GameRoundClosed> context) => intake.TakeAsync(context, GameEventReader.Read(context.Message));
}
