// Reads XDR definitions (RFC 4506 language, as in stellar-xdr's .x files) into plain objects.
// Inline structs and unions get the name <Parent><Field>, as every official SDK names them; an inline union hands its parent's name on
// (ContractEvent, body, v0: ContractEventV0).

export const pascal = (name) => name[0].toUpperCase() + name.slice(1);

function tokenize(source) {
  // An #ifdef block is a change that no released network has switched on yet (CAP-84 today); the SDK's schema leaves it out too.
  const released = source.replace(/^\s*#ifdef[\s\S]*?#endif.*$/gm, ' ');
  const clean = released.replace(/\/\*[\s\S]*?\*\\?\//g, ' ').replace(/\/\/[^\n]*/g, ' ');
  return clean.match(/[A-Za-z_][A-Za-z0-9_]*|-?0x[0-9a-fA-F]+|-?\d+|[{}()\[\]<>*,;:=]/g) ?? [];
}

/** Parses one definition; returns the definition and the inline ones inside it, outermost first. */
export function parseDefinition(source) {
  const tokens = tokenize(source);
  const found = [];
  let at = 0;

  const peek = () => tokens[at];
  const next = () => tokens[at++];
  const expect = (token) => {
    if (next() !== token) throw new Error(`expected '${token}', found '${tokens[at - 1]}' in: ${source.slice(0, 120)}`);
  };

  function baseType() {
    let word = next();
    if (word === 'unsigned') word = `unsigned ${next()}`;
    const primitives = { int: 'int32', 'unsigned int': 'uint32', hyper: 'int64', 'unsigned hyper': 'uint64', bool: 'bool', opaque: 'opaque', string: 'string' };
    return primitives[word] ? { kind: primitives[word] } : { kind: 'ref', name: word };
  }

  // A declaration: type, name and the marks around the name (*, [n], <max>).
  function declaration(parent) {
    if (peek() === 'void') { next(); return { name: null, type: { kind: 'void' } }; }
    let inline = null;
    let type;
    if (peek() === 'struct' || peek() === 'union' || peek() === 'enum') {
      inline = next();
      const body = inline === 'struct' ? structBody : inline === 'union' ? unionBody : enumBody;
      const definition = { kind: inline, name: null };
      found.push(definition);
      // The name comes after the body, but the body's own inline types are named after it: look ahead.
      definition.name = parent + pascal(nameAfterBody());
      Object.assign(definition, body(inline === 'union' ? parent : definition.name));
      type = { kind: 'ref', name: definition.name };
    } else {
      type = baseType();
    }
    let optional = false;
    if (peek() === '*') { next(); optional = true; }
    const name = next();
    if (peek() === '[') {
      next(); const length = next(); expect(']');
      type = type.kind === 'opaque' ? { kind: 'opaque', length } : { kind: 'fixedArray', element: type, length };
    } else if (peek() === '<') {
      next(); const max = peek() === '>' ? null : next(); expect('>');
      if (type.kind === 'opaque') type = { kind: 'varOpaque', max };
      else if (type.kind === 'string') type = { kind: 'string', max };
      else type = { kind: 'array', element: type, max };
    }
    return { name, type: optional ? { kind: 'option', element: type } : type };
  }

  function nameAfterBody() {
    let depth = 0;
    for (let i = at; i < tokens.length; i++) {
      if (tokens[i] === '{') depth++;
      if (tokens[i] === '}' && --depth === 0) return tokens[i + 1] === '*' ? tokens[i + 2] : tokens[i + 1];
    }
    throw new Error(`inline type without a name in: ${source.slice(0, 120)}`);
  }

  function structBody(name) {
    const fields = [];
    expect('{');
    while (peek() !== '}') { fields.push(declaration(name)); expect(';'); }
    expect('}');
    return { fields };
  }

  function enumBody() {
    const members = [];
    expect('{');
    while (peek() !== '}') {
      const name = next(); expect('='); members.push({ name, value: next() });
      if (peek() === ',') next();
    }
    expect('}');
    return { members };
  }

  function unionBody(name) {
    expect('switch'); expect('(');
    const discriminant = baseType();
    next(); expect(')'); expect('{');
    const arms = [];
    let defaultArm = null;
    while (peek() !== '}') {
      const labels = [];
      let isDefault = false;
      while (peek() === 'case' || peek() === 'default') {
        if (next() === 'case') labels.push(next()); else isDefault = true;
        expect(':');
      }
      const arm = declaration(name);
      expect(';');
      for (const label of labels) arms.push({ label, ...arm });
      if (isDefault) defaultArm = arm;
    }
    expect('}');
    return { discriminant, arms, defaultArm };
  }

  const word = next();
  if (word === 'typedef') {
    const { name, type } = declaration('');
    return [{ kind: 'typedef', name, type }, ...found];
  }
  const name = next();
  if (word === 'enum') return [{ kind: 'enum', name, ...enumBody() }];
  if (word === 'struct') { const body = structBody(name); return [{ kind: 'struct', name, ...body }, ...found]; }
  if (word === 'union') { const body = unionBody(name); return [{ kind: 'union', name, ...body }, ...found]; }
  throw new Error(`not a definition: ${source.slice(0, 120)}`);
}
