global using Operation = Payouts.Stellar.Operation;
global using Transaction = Payouts.Stellar.Transaction;
global using FeeBumpTransaction = Payouts.Stellar.FeeBumpTransaction;
global using TransactionRecord = Payouts.Stellar.Rpc.TransactionRecord;
