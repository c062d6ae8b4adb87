using Payouts.Hosting.Web;
using Payouts.Rounds;

return await ServiceHost.RunAsync(args, new RoundsModule());
