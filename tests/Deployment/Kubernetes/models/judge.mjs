// Judges rendered manifests: node judge.mjs OUTPUT FILE... writes a JSON list of { file, object, problem }; file is the place in the list.
// Two judges each: the schema's validator (required members, enumerations, formats), and the TypeScript compiler on the schema's types, because the
// validators let unknown members pass and the compiler does not.
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";
import { parseAllDocuments } from "yaml";

const packages = {
  "cert-manager.io": "@kubernetes-models/cert-manager/",
  "keda.sh": "@kubernetes-models/keda/",
  "monitoring.coreos.com": "@kubernetes-models/prometheus-operator/",
  "postgresql.cnpg.io": "@kubernetes-models/cloudnative-pg/",
};
const builtIn = new Set(["", "apps", "batch", "policy", "networking.k8s.io"]);
const problems = [];
const literals = [];

const [output, ...files] = process.argv.slice(2);
for (const [file, name] of files.entries()) {
  for (const document of parseAllDocuments(readFileSync(name, "utf8"), { uniqueKeys: true })) {
    if (document.errors.length > 0) {
      problems.push({ file, object: name, problem: document.errors[0].message });
      continue;
    }
    const value = document.toJS();
    if (value) await judge(file, unfolded(value));
  }
}
compile();
writeFileSync(output, JSON.stringify(problems));

async function judge(file, value) {
  const object = `${value.apiVersion} ${value.kind} ${value.metadata?.name}`;
  const module = moduleOf(value.apiVersion ?? "");
  const Model = module && (await import(module).catch(() => ({})))[value.kind];
  if (!Model) {
    problems.push({ file, object, problem: "no model" });
    return;
  }
  try {
    new Model(value).validate();
  } catch (error) {
    problems.push({ file, object, problem: error.message });
  }
  literals.push({ file, object, module, kind: value.kind, value });
}

// Long values come in lines of 70 characters, which every decoder of Kubernetes passes over and the schema's pattern does not.
function unfolded(value) {
  if (value.kind === "Secret") for (const key in value.data) value.data[key] = value.data[key].replaceAll(/\s/g, "");
  return value;
}

function moduleOf(apiVersion) {
  const [group, version] = apiVersion.includes("/") ? apiVersion.split("/") : ["", apiVersion];
  if (builtIn.has(group)) return `kubernetes-models/${apiVersion}`;
  return packages[group] && `${packages[group]}${group}/${version}`;
}

// One virtual file with a typed constant on each line, so that a line of a diagnostic names the object.
function compile() {
  const name = path.join(import.meta.dirname, "judged.ts");
  const text = literals.map(({ module, kind, value }) => `{ const o: import("${module}").I${kind} = ${JSON.stringify(value)}; void o; }`).join("\n");
  const options = { noEmit: true, strict: true, skipLibCheck: true, target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext, types: [] };
  const host = ts.createCompilerHost(options);
  const read = host.getSourceFile.bind(host);
  host.getSourceFile = (file, target) => (file === name ? ts.createSourceFile(name, text, target, true) : read(file, target));
  const exists = host.fileExists.bind(host);
  host.fileExists = (file) => file === name || exists(file);
  const program = ts.createProgram([name], options, host);
  for (const found of ts.getPreEmitDiagnostics(program)) {
    const line = found.file?.fileName === name ? found.file.getLineAndCharacterOfPosition(found.start).line : -1;
    problems.push({ file: literals[line]?.file ?? -1, object: literals[line]?.object ?? String(found.file?.fileName), problem: ts.flattenDiagnosticMessageText(found.messageText, "\n") });
  }
}
