using Payouts.Hosting.Web;
using Payouts.Signer;

return await ServiceHost.RunAsync(args, new PayoutSignerModule());
