using Payouts.Builder;
using Payouts.Builder.Reconciling;
using Payouts.Builder.Recovering;
using Payouts.Hosting.Web;

var module = new PayoutBuilderModule();
return args switch
{
    [ReconcileCommand.Name, ..] => await ServiceCommand.RunAsync(module, services => ReconcileCommand.AnswerAsync(services, args)),
    [RecoverCommand.Name, ..] => await ServiceCommand.RunAsync(module, services => RecoverCommand.AnswerAsync(services, args)),
    _ => await ServiceHost.RunAsync(args, module),
};
