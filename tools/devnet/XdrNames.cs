// The devnet works on XDR itself; where the client library has a friendlier type of the same name, the XDR one is meant here.
global using Asset = Payouts.Stellar.Xdr.Asset;
global using FeeBumpTransaction = Payouts.Stellar.Xdr.FeeBumpTransaction;
global using Operation = Payouts.Stellar.Xdr.Operation;
global using Transaction = Payouts.Stellar.Xdr.Transaction;
