// Builds the closed set of XDR types to generate, and proves it against the SDK's own reflective schema.
//
// The definitions come from the XDR source that the SDK carries in its type declarations, because it keeps the XDR's own names
// (SCVal, AccountID, SCV_U32) that the JavaScript names have lost. The schema objects are what the SDK really encodes with: every
// kind, length, field order and case value is compared with them, and the generator stops on the first difference. Typedefs that the
// SDK dropped (SCVec, SequenceNumber, ...) take their meaning from the schema at the place where they are used.

import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { dirname, join } from 'node:path';
import * as sdk from '@stellar/stellar-sdk';
import { parseDefinition } from './idl.mjs';

const UNBOUNDED = 0xffffffff;
const PRIMITIVES = { uint32: 'uint32', int32: 'int32', uint64: 'uint64', int64: 'int64' };
// Names that hide another dropped typedef inside, which the schema alone cannot tell.
const DROPPED_TYPEDEFS = {
  SponsorshipDescriptor: { kind: 'option', element: { kind: 'ref', name: 'AccountID' } },
  ParallelTxExecutionStage: { kind: 'array', element: { kind: 'ref', name: 'DependentTxCluster' }, max: null },
};

const root = join(dirname(fileURLToPath(import.meta.url)), 'node_modules/@stellar/stellar-sdk');
export const sdkVersion = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version;

function readDefinitions() {
  const folder = join(root, 'lib/esm/xdr/generated');
  const all = new Map();
  for (const file of readdirSync(folder).filter((f) => f.endsWith('.d.ts')).sort()) {
    const text = readFileSync(join(folder, file), 'utf8');
    for (const [, block] of text.matchAll(/```xdr\n([\s\S]*?)```/g)) {
      const source = block.replace(/^ \* ?/gm, '');
      if (!/^\s*(typedef|enum|struct|union)\s/.test(source) || /^\s*(union\s+switch|struct\s*\{|enum\s*\{)/.test(source)) continue;
      for (const definition of parseDefinition(source)) {
        const shape = JSON.stringify(definition);
        if (all.has(definition.name) && JSON.stringify(all.get(definition.name)) !== shape) throw new Error(`two definitions of ${definition.name}`);
        all.set(definition.name, definition);
      }
    }
  }
  return all;
}

const schemaByName = new Map(Object.entries(sdk.xdr).filter(([, v]) => v?.schema).map(([name, v]) => [name.toLowerCase(), v.schema]));
const unlazy = (schema) => { while (schema.kind === 'lazy') schema = schema.getSchema(); return schema; };
const simplify = (name) => name.replace(/_/g, '').toLowerCase();

export function buildModel(roots) {
  const definitions = readDefinitions();
  const reached = new Map();
  const fail = (where, what) => { throw new Error(`${where}: the definition and the SDK's schema differ: ${what}`); };

  function number(text, fallback) {
    if (text === null) return fallback;
    return /^-?(0x|\d)/.test(text) ? Number(text) : sdk.xdr[text] ?? fallback;
  }

  // An enum value may name another enum's constant: PUBLIC_KEY_TYPE_ED25519 = KEY_TYPE_ED25519.
  function constant(text) {
    if (!Number.isNaN(Number(text))) return Number(text);
    for (const definition of definitions.values()) {
      const member = definition.kind === 'enum' && definition.members.find((m) => m.name === text);
      if (member) return constant(member.value);
    }
    throw new Error(`no constant ${text}`);
  }

  function typedefFromSchema(name, schema, where) {
    const known = DROPPED_TYPEDEFS[name];
    if (known) return known;
    switch (schema.kind) {
      case 'uint32': case 'int32': case 'uint64': case 'int64': case 'bool': return { kind: schema.kind };
      case 'string': return { kind: 'string', max: schema.maxLength };
      case 'varOpaque': return { kind: 'varOpaque', max: schema.maxLength };
      case 'opaque': return { kind: 'opaque', length: schema.length };
      case 'array': return { kind: 'array', element: refTo(unlazy(schema.element), where), max: schema.maxLength };
      case 'struct': case 'union': case 'enum': return refTo(schema, where);
      default: throw new Error(`${where}: cannot tell what typedef ${name} means from a ${schema.kind}`);
    }
  }

  function refTo(schema, where) {
    if (PRIMITIVES[schema.kind]) return { kind: schema.kind };
    const match = [...definitions.keys()].find((n) => simplify(n) === simplify(schema.name ?? ''));
    if (!match) throw new Error(`${where}: no definition named like ${schema.name ?? schema.kind}`);
    return { kind: 'ref', name: match };
  }

  // Walks a type beside its schema: resolves lengths, reaches what it names, and compares.
  function visit(type, rawSchema, where) {
    const schema = unlazy(rawSchema);
    if (type.kind === 'ref') return visitNamed(type.name, schema, where);
    if (type.kind !== schema.kind) fail(where, `${type.kind} / ${schema.kind}`);
    switch (type.kind) {
      case 'opaque':
        type.length = number(String(type.length), schema.length);
        if (type.length !== schema.length) fail(where, `length ${type.length} / ${schema.length}`);
        break;
      case 'varOpaque': case 'string': case 'array': {
        const max = schema.maxLength ?? UNBOUNDED;
        type.max = number(type.max === null ? null : String(type.max), max);
        if (type.max !== max) fail(where, `maximum ${type.max} / ${max}`);
        if (type.kind === 'array') visit(type.element, schema.element, `${where}[]`);
        break;
      }
      case 'fixedArray':
        type.length = number(String(type.length), schema.length);
        if (type.length !== schema.length) fail(where, `length ${type.length} / ${schema.length}`);
        visit(type.element, schema.element, `${where}[]`);
        break;
      case 'option': visit(type.element, schema.element, `${where}*`); break;
      default: break;
    }
  }

  function visitNamed(name, schema, where) {
    if (PRIMITIVES[name]) { if (schema.kind !== name) fail(where, `${name} / ${schema.kind}`); return; }
    let definition = definitions.get(name);
    if (!definition) {
      definition = { kind: 'typedef', name, type: typedefFromSchema(name, schema, where) };
      definitions.set(name, definition);
    }
    if (reached.has(name)) return;
    reached.set(name, definition);
    if (definition.kind === 'typedef') { visit(definition.type, schema, name); return; }
    if (definition.kind !== schema.kind) fail(name, `${definition.kind} / ${schema.kind}`);
    if (definition.kind === 'enum') visitEnum(definition, schema);
    if (definition.kind === 'struct') visitStruct(definition, schema);
    if (definition.kind === 'union') visitUnion(definition, schema);
  }

  function visitEnum(definition, schema) {
    for (const member of definition.members) {
      member.value = constant(member.value);
      const theirs = schema.nameByValue.get(member.value);
      if (!theirs || simplify(theirs) !== simplify(member.name)) fail(definition.name, `${member.name}=${member.value} / ${theirs}`);
    }
    if (schema.nameByValue.size !== definition.members.length) fail(definition.name, 'number of members');
  }

  function visitStruct(definition, schema) {
    const ours = definition.fields.map((f) => simplify(f.name)).join();
    const theirs = schema.entries.map(([n]) => simplify(n)).join();
    if (ours !== theirs) fail(definition.name, `fields ${ours} / ${theirs}`);
    definition.fields.forEach((field, i) => visit(field.type, schema.entries[i][1], `${definition.name}.${field.name}`));
  }

  function visitUnion(definition, schema) {
    visit(definition.discriminant, schema.switchOn, `${definition.name} switch`);
    if (definition.defaultArm || schema.defaultArm) throw new Error(`${definition.name}: a default arm, which the C# writer does not know`);
    if (definition.arms.length !== schema.cases.length) fail(definition.name, 'number of arms');
    const members = definition.discriminant.kind === 'ref' ? definitions.get(definition.discriminant.name).members : null;
    definition.arms.forEach((arm, i) => {
      const theirs = schema.cases[i];
      arm.value = members ? members.find((m) => m.name === arm.label).value : Number(arm.label);
      if (arm.value !== theirs.discriminant) fail(definition.name, `arm ${arm.label}=${arm.value} / ${theirs.discriminant}`);
      if ((arm.type.kind === 'void') !== (theirs.arm.kind === 'void')) fail(definition.name, `arm ${arm.label}: void or not`);
      if (arm.type.kind !== 'void') visit(arm.type, theirs.arm.schema, `${definition.name}.${arm.label}`);
    });
  }

  for (const name of roots) {
    const schema = schemaByName.get(name.toLowerCase());
    if (!schema) throw new Error(`the SDK has no type ${name}`);
    visitNamed(name, schema, name);
  }
  return reached;
}
