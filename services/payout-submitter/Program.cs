using Payouts.Hosting.Web;
using Payouts.Submitter;

return await ServiceHost.RunAsync(args, new PayoutSubmitterModule());
