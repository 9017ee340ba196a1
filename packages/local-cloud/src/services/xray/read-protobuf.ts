import { readFields, type Field } from './protobuf.ts';
import { spanSchema, type StoredSpan } from './span.ts';

/** Reads an `ExportTraceServiceRequest` (opentelemetry-proto 1). Spans that are not valid are left out. */
export const spansInProtobuf = (request: Buffer): StoredSpan[] =>
  all(request, 1).flatMap((resourceSpans) => {
    const service = serviceOf(resourceSpans);
    return all(resourceSpans, 2).flatMap((scopeSpans) =>
      all(scopeSpans, 2).flatMap((span) => spanSchema.safeParse(readSpan(span, service)).data ?? []),
    );
  });

const all = (message: Buffer, number: number): Buffer[] =>
  [...readFields(message)].filter((field) => field.number === number).map(({ bytes }) => bytes);

function serviceOf(resourceSpans: Buffer): string {
  const attributes = all(resourceSpans, 1).flatMap((resource) => all(resource, 1).map(readAttribute));
  const name = attributes.find(([key]) => key === 'service.name')?.[1];
  return typeof name === 'string' ? name : 'unknown_service';
}

type Draft = { -readonly [Name in keyof StoredSpan]: StoredSpan[Name] };

function readSpan(message: Buffer, service: string): Draft {
  const span: Draft = {
    traceId: '',
    spanId: '',
    name: '',
    kind: 1,
    startMs: 0,
    endMs: 0,
    status: 0,
    attributes: {},
    links: [],
    service,
  };
  for (const field of readFields(message)) take(span, field);
  return span;
}

const milliseconds = (nanoseconds: bigint): number => Number(nanoseconds / 1_000n) / 1_000;

function take(span: Draft, { number, bytes, value }: Field): void {
  switch (number) {
    case 1:
      span.traceId = bytes.toString('hex');
      return;
    case 2:
      span.spanId = bytes.toString('hex');
      return;
    case 4:
      if (bytes.length > 0) span.parentSpanId = bytes.toString('hex');
      return;
    case 5:
      span.name = bytes.toString('utf8');
      return;
    case 6:
      span.kind = Number(value);
      return;
    case 7:
      span.startMs = milliseconds(value);
      return;
    case 8:
      span.endMs = milliseconds(value);
      return;
    case 9: {
      const [name, read] = readAttribute(bytes);
      span.attributes[name] = read;
      return;
    }
    case 13:
      span.links.push({ traceId: hex(bytes, 1), spanId: hex(bytes, 2) });
      return;
    case 15:
      span.status = Number([...readFields(bytes)].find((field) => field.number === 3)?.value ?? 0n);
      return;
    default:
  }
}

const hex = (message: Buffer, number: number): string => all(message, number)[0]?.toString('hex') ?? '';

function readAttribute(pair: Buffer): readonly [string, unknown] {
  const name = all(pair, 1)[0]?.toString('utf8') ?? '';
  return [name, valueOf([...readFields(all(pair, 2)[0] ?? Buffer.alloc(0))][0])];
}

/** An `AnyValue`: text, truth, a whole number, one with decimals, or a list of them. Others are left out. */
function valueOf(field: Field | undefined): unknown {
  if (field === undefined) return undefined;
  switch (field.number) {
    case 1:
      return field.bytes.toString('utf8');
    case 2:
      return field.value === 1n;
    case 3:
      return Number(BigInt.asIntN(64, field.value));
    case 4:
      return field.bytes.readDoubleLE();
    case 5:
      return all(field.bytes, 1).map((item) => valueOf([...readFields(item)][0]));
    default:
      return undefined;
  }
}
