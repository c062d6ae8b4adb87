using Payouts.Builder;
using Payouts.Hosting.Web;

return await ServiceHost.RunAsync(args, new PayoutBuilderModule());
