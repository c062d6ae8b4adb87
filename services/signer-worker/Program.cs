using Payouts.Hosting.Web;
using Payouts.SignerWorker;

return await ServiceHost.RunAsync(args, new SignerWorkerModule());
