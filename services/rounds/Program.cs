using Payouts.Hosting.Web;
using Payouts.Rounds;
using Payouts.Rounds.Verifying;

var module = new RoundsModule();
return args is [VerifyCommand.Name, ..]
    ? await ServiceCommand.RunAsync(module, services => VerifyCommand.AnswerAsync(services, args))
    : await ServiceHost.RunAsync(args, module);
