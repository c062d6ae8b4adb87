using Payouts.Hosting.Web;
using Payouts.LocalSigner;

return await ServiceHost.RunAsync(args, new LocalSignerModule());
