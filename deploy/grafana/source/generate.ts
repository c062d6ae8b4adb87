// node build/generate.js FOLDER: writes each dashboard as FOLDER/UID.json.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { accounts } from './accounts.js';
import { messages } from './messages.js';
import { network } from './network.js';
import { processes } from './processes.js';
import { rounds } from './rounds.js';
import { signer } from './signer.js';
import { stages } from './stages.js';

const folder = process.argv[2];
if (folder === undefined) {
  throw new Error('name the folder to write to');
}
mkdirSync(folder, { recursive: true });
for (const builder of [rounds, stages, signer, accounts, messages, network, processes]) {
  const dashboard = builder.build();
  // Without numbers Grafana would give its own, and links to a panel would not last.
  dashboard.panels?.forEach((panel, index) => { panel.id = index + 1; });
  writeFileSync(join(folder, `${dashboard.uid}.json`), JSON.stringify(dashboard, null, 2) + '\n');
}
