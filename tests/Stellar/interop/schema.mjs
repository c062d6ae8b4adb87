// Walks the SDK's reflective schemas: canonical text of a value, random values, and a table of shapes for another program.

export const unlazy = (schema) => { while (schema.kind === 'lazy') schema = schema.getSchema(); return schema; };
const simplify = (name) => name.replace(/_/g, '').toLowerCase();
const hex = (bytes) => Buffer.from(bytes).toString('hex');

/** One text per value: names without case and underscores, integers in decimal, bytes in hexadecimal. */
export function dump(rawSchema, value) {
  const schema = unlazy(rawSchema);
  switch (schema.kind) {
    case 'struct': return `{${schema.entries.map(([name, s]) => `${simplify(name)}:${dump(s, value[name])}`).join(';')}}`;
    case 'union': {
      const discriminant = value[schema.switchKey];
      const arm = schema.cases.find((c) => c.discriminant === discriminant).arm;
      return `${discriminant}(${arm.kind === 'void' ? '' : dump(arm.schema, value[arm.name])})`;
    }
    case 'option': return value === null || value === undefined ? 'null' : dump(schema.element, value);
    case 'array': case 'fixedArray': return `[${value.map((v) => dump(schema.element, v)).join(',')}]`;
    case 'opaque': case 'varOpaque': return `0x${hex(value)}`;
    case 'string': return `0x${hex(value.bytes ?? value)}`;
    default: return String(value);
  }
}

// What protocol 28 added to types of before (CAP-83, CAP-85), as enum and constant.
const NEWER = new Set(['ScValType 22', 'ContractExecutableType 2', 'StellarValueType 2']);

/** Whether a value holds something that protocol 27 does not know. */
export function usesNewer(rawSchema, value) {
  const schema = unlazy(rawSchema);
  switch (schema.kind) {
    case 'enum': return NEWER.has(`${schema.name} ${value}`);
    case 'struct': return schema.entries.some(([name, s]) => usesNewer(s, value[name]));
    case 'union': {
      const discriminant = value[schema.switchKey];
      const arm = schema.cases.find((c) => c.discriminant === discriminant).arm;
      return usesNewer(schema.switchOn, discriminant) || (arm.kind !== 'void' && usesNewer(arm.schema, value[arm.name]));
    }
    case 'option': return value !== null && value !== undefined && usesNewer(schema.element, value);
    case 'array': case 'fixedArray': return value.some((v) => usesNewer(schema.element, v));
    default: return false;
  }
}

/** For each union the arm that ends soonest, so that a random value always ends. */
export function minimalArms(schemas) {
  const all = new Set();
  const visit = (raw) => {
    const schema = unlazy(raw);
    if (all.has(schema)) return;
    all.add(schema);
    if (schema.kind === 'struct') schema.entries.forEach(([, s]) => visit(s));
    if (schema.kind === 'union') schema.cases.forEach((c) => c.arm.kind !== 'void' && visit(c.arm.schema));
    if (schema.element) visit(schema.element);
  };
  schemas.forEach(visit);
  const height = new Map();
  const arms = new Map();
  const of = (raw) => {
    const schema = unlazy(raw);
    if (schema.kind === 'fixedArray') return of(schema.element);
    return ['struct', 'union'].includes(schema.kind) ? (height.get(schema) ?? Infinity) : 0;
  };
  for (let changed = true; changed;) {
    changed = false;
    for (const schema of all) {
      let now = Infinity;
      if (schema.kind === 'struct') now = 1 + Math.max(0, ...schema.entries.map(([, s]) => of(s)));
      if (schema.kind === 'union') {
        schema.cases.forEach((c, i) => {
          const h = 1 + (c.arm.kind === 'void' ? 0 : of(c.arm.schema));
          if (h < now) { now = h; arms.set(schema, i); }
        });
      }
      if (now < (height.get(schema) ?? Infinity)) { height.set(schema, now); changed = true; }
    }
  }
  return arms;
}

// mulberry32: small, seeded, the same everywhere.
function generator(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return (t ^ (t >>> 14)) >>> 0;
  };
}

/** A random value that leans to the edges of its ranges and holds a few hundred nodes at most. */
export function randomValue(root, seed, minimal) {
  const next = generator(seed);
  const below = (n) => next() % n;
  let budget = 300;

  const integer = (bits, signed) => {
    const edges = signed ? [0n, 1n, -1n, (1n << BigInt(bits - 1)) - 1n, -(1n << BigInt(bits - 1))] : [0n, 1n, (1n << BigInt(bits)) - 1n];
    if (below(4) === 0) return edges[below(edges.length)];
    let value = 0n;
    for (let i = 0; i < bits; i += 32) value = (value << 32n) | BigInt(next());
    return signed ? BigInt.asIntN(bits, value) : BigInt.asUintN(bits, value);
  };
  const bytes = (length) => Uint8Array.from({ length }, () => next() & 0xff);
  const length = (max) => {
    const cap = Math.min(max, 70);
    return below(8) === 0 ? cap : below(Math.min(cap, 12) + 1);
  };

  const value = (raw) => {
    const schema = unlazy(raw);
    budget--;
    switch (schema.kind) {
      case 'int32': return Number(integer(32, true));
      case 'uint32': return Number(integer(32, false));
      case 'int64': return integer(64, true);
      case 'uint64': return integer(64, false);
      case 'bool': return below(2) === 1;
      case 'enum': { const values = [...schema.nameByValue.keys()]; return values[below(values.length)]; }
      case 'opaque': return bytes(schema.length);
      case 'varOpaque': return bytes(length(schema.maxLength));
      case 'string': return bytes(length(schema.maxLength));
      case 'option': return budget > 0 && below(3) > 0 ? value(schema.element) : null;
      case 'array': return budget > 0 ? Array.from({ length: Math.min(below(4), schema.maxLength) }, () => value(schema.element)) : [];
      case 'fixedArray': return Array.from({ length: schema.length }, () => value(schema.element));
      case 'struct': return Object.fromEntries(schema.entries.map(([name, s]) => [name, value(s)]));
      case 'union': {
        const chosen = schema.cases[budget > 0 ? below(schema.cases.length) : minimal.get(schema)];
        const of = { [schema.switchKey]: chosen.discriminant };
        if (chosen.arm.kind !== 'void') of[chosen.arm.name] = value(chosen.arm.schema);
        return of;
      }
      default: throw new Error(`no random ${schema.kind}`);
    }
  };
  return value(root);
}

/** Shapes with their bounds, types by number, so that recursive types can be told. */
export function schemaTable(named, minimal) {
  const numbers = new Map();
  const table = [];
  const add = (raw) => {
    const schema = unlazy(raw);
    if (numbers.has(schema)) return numbers.get(schema);
    const number = table.length;
    numbers.set(schema, number);
    table.push(null);
    const row = { kind: schema.kind };
    if (schema.kind === 'enum') row.values = [...schema.nameByValue.keys()];
    if (schema.kind === 'opaque' || schema.kind === 'fixedArray') row.length = schema.length;
    if (['varOpaque', 'string', 'array'].includes(schema.kind)) row.max = schema.maxLength;
    if (schema.element) row.element = add(schema.element);
    if (schema.kind === 'struct') row.fields = schema.entries.map(([, s]) => add(s));
    if (schema.kind === 'union') {
      row.arms = schema.cases.map((c) => ({ value: c.discriminant, type: c.arm.kind === 'void' ? null : add(c.arm.schema) }));
      row.minimal = minimal.get(schema);
    }
    table[number] = row;
    return number;
  };
  const roots = named.map(([name, schema]) => ({ name, type: add(schema) }));
  return { roots, table };
}
