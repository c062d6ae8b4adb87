using Payouts.Hosting.Web;
using Payouts.Rounds;
using Payouts.Rounds.Announcing;
using Payouts.Rounds.Verifying;

var module = new RoundsModule();
return args switch
{
    [VerifyCommand.Name, ..] => await ServiceCommand.RunAsync(module, services => VerifyCommand.AnswerAsync(services, args)),
    [AnnounceCommand.Name, ..] => await ServiceCommand.RunAsync(module, services => AnnounceCommand.AnswerAsync(services, args)),
    _ => await ServiceHost.RunAsync(args, module),
};
