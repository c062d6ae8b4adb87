// Writes shared/stellar/Xdr/Generated/*.cs, or another folder when one is named. Run: npm ci && npm run generate
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildModel, sdkVersion } from './model.mjs';
import { writeType } from './csharp.mjs';

const ROOTS = [
  'TransactionEnvelope', 'TransactionResult', 'TransactionMeta', 'TransactionSignaturePayload', 'LedgerEntry', 'LedgerKey', 'SCVal',
  'SorobanAuthorizationEntry', 'SorobanTransactionData', 'DiagnosticEvent', 'ContractEvent', 'TransactionEvent', 'HashIDPreimage',
  'LedgerHeader', 'LedgerHeaderHistoryEntry', 'LedgerCloseMeta', 'InvokeHostFunctionSuccessPreImage', 'TransactionResultPair',
];

const out = process.argv[2] ?? join(dirname(fileURLToPath(import.meta.url)), '../../shared/stellar/Xdr/Generated');
mkdirSync(out, { recursive: true });
for (const old of readdirSync(out)) rmSync(join(out, old));

const model = buildModel(ROOTS);
let files = 0;
for (const definition of [...model.values()].sort((a, b) => (a.name < b.name ? -1 : 1))) {
  const file = writeType(definition, model, sdkVersion);
  if (file === null) continue;
  writeFileSync(join(out, `${file.name}.cs`), file.text);
  files++;
}
console.log(`${files} types written from @stellar/stellar-sdk ${sdkVersion}`);
