// Speaks to the devnet with the official client, as it comes from the registry. DEVNET_URL names the devnet; its ledgers close by themselves.
import { setTimeout as pause } from 'node:timers/promises';
import { Keypair, rpc, TransactionBuilder } from '@stellar/stellar-sdk';

export const url = process.env.DEVNET_URL ?? (() => { throw new Error('DEVNET_URL must name the devnet under test'); })();
export const contractId = process.env.DEVNET_PAYOUT_CONTRACT ?? (() => { throw new Error('DEVNET_PAYOUT_CONTRACT must name the payout contract'); })();
export const passphrase = process.env.DEVNET_NETWORK_PASSPHRASE ?? 'Standalone Network ; February 2017';
export const admin = Keypair.fromSecret(process.env.DEVNET_ADMIN_SECRET ?? (() => { throw new Error('DEVNET_ADMIN_SECRET must hold the admin\'s key'); })());
export const server = new rpc.Server(url, { allowHttp: true });

export async function funded() {
  const pair = Keypair.random();
  const account = await server.requestAirdrop(pair.publicKey());
  return { pair, account };
}

export const build = (account, operation, fee = '100') =>
  new TransactionBuilder(account, { fee, networkPassphrase: passphrase }).addOperation(operation).setTimeout(120).build();

/** Waits for the end of a transaction, by the official client's own polling. */
export async function settled(hash) {
  for (let i = 0; i < 200; i++) {
    const answer = await server.getTransaction(hash);
    if (answer.status !== 'NOT_FOUND') return answer;
    await pause(50);
  }
  throw new Error(`${hash} is on no ledger after 10 s`);
}
