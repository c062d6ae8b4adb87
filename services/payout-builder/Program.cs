using Payouts.Builder;
using Payouts.Builder.Reconciling;
using Payouts.Hosting.Web;

var module = new PayoutBuilderModule();
return args is [ReconcileCommand.Name, ..]
    ? await ServiceCommand.RunAsync(module, services => ReconcileCommand.AnswerAsync(services, args))
    : await ServiceHost.RunAsync(args, module);
