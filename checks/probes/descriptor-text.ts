/**
 * Definitions in the text form of the protobuf language, as grpcurl prints them: fields by number, nested types by name, type names in full.
 * Input are descriptors as plain objects, enums as their names (google/protobuf/descriptor.proto).
 */
export type FieldDescriptor = {
  name: string;
  number: number;
  label?: string;
  type?: string;
  typeName?: string;
  defaultValue?: string;
  oneofIndex?: number;
  proto3Optional?: boolean;
  options?: { deprecated?: boolean };
};
export type EnumDescriptor = { name: string; value?: { name: string; number?: number; options?: { deprecated?: boolean } }[] };
export type MessageDescriptor = {
  name: string;
  field?: FieldDescriptor[];
  nestedType?: MessageDescriptor[];
  enumType?: EnumDescriptor[];
  oneofDecl?: { name: string }[];
  options?: { mapEntry?: boolean };
};
export type MethodDescriptor = {
  name: string;
  inputType: string;
  outputType: string;
  clientStreaming?: boolean;
  serverStreaming?: boolean;
};
export type ServiceDescriptor = { name: string; method?: MethodDescriptor[] };
export type FileDescriptor = {
  package?: string;
  syntax?: string;
  messageType?: MessageDescriptor[];
  enumType?: EnumDescriptor[];
  service?: ServiceDescriptor[];
};

/** What a symbol is, in words (`message`, `one-of`), and its definition. */
export type Definition = { kind: string; text: string };

/** The definition of a full name in a file, or nothing when the file does not have it. */
export function define(file: FileDescriptor, symbol: string): Definition | undefined {
  const inside = within(file.package ?? '', symbol);
  if (inside === undefined) return undefined;
  const proto3 = file.syntax === 'proto3';
  return (
    ofServices(file.service ?? [], inside) ??
    ofEnums(file.enumType ?? [], inside) ??
    firstDefined(file.messageType ?? [], (message) => ofMessage(message, inside, proto3))
  );
}

/** The rest of a dotted name below a prefix. */
function within(prefix: string, name: string): string | undefined {
  if (prefix === '') return name;
  return name.startsWith(`${prefix}.`) ? name.slice(prefix.length + 1) : undefined;
}

function ofServices(services: readonly ServiceDescriptor[], name: string): Definition | undefined {
  return firstDefined(services, (service) => {
    if (service.name === name)
      return { kind: 'service', text: block(`service ${service.name}`, [...(service.method ?? [])].sort(byName).map(methodText)) };
    const method = service.method?.find((one) => `${service.name}.${one.name}` === name);
    return method === undefined ? undefined : { kind: 'method', text: methodText(method) };
  });
}

function ofEnums(enums: readonly EnumDescriptor[], name: string): Definition | undefined {
  return firstDefined(enums, (one) => {
    if (one.name === name) return { kind: 'enum', text: enumText(one) };
    const value = one.value?.find((each) => `${one.name}.${each.name}` === name);
    return value === undefined ? undefined : { kind: 'enum value', text: valueText(value) };
  });
}

function ofMessage(message: MessageDescriptor, name: string, proto3: boolean): Definition | undefined {
  if (message.name === name) return { kind: 'message', text: messageText(message, proto3) };
  const inside = within(message.name, name);
  if (inside === undefined) return undefined;
  const field = message.field?.find((one) => one.name === inside);
  if (field !== undefined) return { kind: 'field', text: fieldText(field, message, proto3) };
  const oneof = message.oneofDecl?.findIndex((one) => one.name === inside) ?? -1;
  if (oneof >= 0) return { kind: 'one-of', text: oneofText(message, oneof, proto3) };
  return ofEnums(message.enumType ?? [], inside) ?? firstDefined(message.nestedType ?? [], (nested) => ofMessage(nested, inside, proto3));
}

function messageText(message: MessageDescriptor, proto3: boolean): string {
  const fields = [...(message.field ?? [])].sort((a, b) => a.number - b.number);
  const members = fields.flatMap((field) => {
    if (field.oneofIndex === undefined || field.proto3Optional === true) return [fieldText(field, message, proto3)];
    // A one-of stands where its lowest number does.
    const isFirst = fields.find((one) => one.oneofIndex === field.oneofIndex) === field;
    return isFirst ? [oneofText(message, field.oneofIndex, proto3)] : [];
  });
  const nested = [...(message.nestedType ?? [])].filter((one) => one.options?.mapEntry !== true).sort(byName);
  const enums = [...(message.enumType ?? [])].sort(byName);
  return block(`message ${message.name}`, [...members, ...nested.map((one) => messageText(one, proto3)), ...enums.map(enumText)]);
}

function oneofText(message: MessageDescriptor, index: number, proto3: boolean): string {
  const fields = (message.field ?? [])
    .filter((field) => field.oneofIndex === index && field.proto3Optional !== true)
    .sort((a, b) => a.number - b.number);
  return block(
    `oneof ${message.oneofDecl?.[index]?.name ?? ''}`,
    fields.map((field) => fieldText(field, message, proto3)),
  );
}

function fieldText(field: FieldDescriptor, message: MessageDescriptor, proto3: boolean): string {
  const options = [
    ...(field.defaultValue === undefined || field.defaultValue === ''
      ? []
      : [`default = ${field.type === 'TYPE_STRING' ? JSON.stringify(field.defaultValue) : field.defaultValue}`]),
    ...(field.options?.deprecated === true ? ['deprecated = true'] : []),
  ];
  const entry = entryOf(field, message);
  const type = entry === undefined ? `${labelOf(field, proto3)}${typeOf(field)}` : `map<${entry.map(typeOf).join(', ')}>`;
  return `${type} ${field.name} = ${field.number}${options.length === 0 ? '' : ` [${options.join(', ')}]`};`;
}

/** Key and value of a map field, which is a repeated field of a made-up message. */
function entryOf(field: FieldDescriptor, message: MessageDescriptor): FieldDescriptor[] | undefined {
  if (field.label !== 'LABEL_REPEATED' || field.type !== 'TYPE_MESSAGE') return undefined;
  const entry = message.nestedType?.find(
    (one) => one.options?.mapEntry === true && field.typeName?.endsWith(`${message.name}.${one.name}`) === true,
  );
  return entry?.field;
}

function labelOf(field: FieldDescriptor, proto3: boolean): string {
  if (field.label === 'LABEL_REPEATED') return 'repeated ';
  if (field.label === 'LABEL_REQUIRED') return 'required ';
  return field.proto3Optional === true || (!proto3 && field.oneofIndex === undefined) ? 'optional ' : '';
}

const typeOf = (field: FieldDescriptor): string => field.typeName || (field.type ?? '').replace(/^TYPE_/, '').toLowerCase();

function methodText(method: MethodDescriptor): string {
  const side = (streaming: boolean | undefined, type: string): string => `( ${streaming === true ? 'stream ' : ''}${type} )`;
  return `rpc ${method.name} ${side(method.clientStreaming, method.inputType)} returns ${side(method.serverStreaming, method.outputType)};`;
}

const enumText = (one: EnumDescriptor): string =>
  block(`enum ${one.name}`, [...(one.value ?? [])].sort((a, b) => (a.number ?? 0) - (b.number ?? 0)).map(valueText));

const valueText = (value: { name: string; number?: number; options?: { deprecated?: boolean } }): string =>
  `${value.name} = ${value.number ?? 0}${value.options?.deprecated === true ? ' [deprecated = true]' : ''};`;

const block = (head: string, members: readonly string[]): string =>
  [`${head} {`, ...members.map((member) => member.replace(/^/gm, '  ')), '}'].join('\n');

const byName = (a: { name: string }, b: { name: string }): number => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);

function firstDefined<T>(items: readonly T[], of: (item: T) => Definition | undefined): Definition | undefined {
  for (const item of items) {
    const found = of(item);
    if (found !== undefined) return found;
  }
  return undefined;
}
