/** A field of a message: its number, and its bytes or number. */
export interface Field {
  readonly number: number;
  readonly bytes: Buffer;
  /** Of a varint, or a fixed number of 64 bits. */
  readonly value: bigint;
}

const NONE = Buffer.alloc(0);

/** Reads the fields of a message. Throws `RangeError` for bytes that are none. https://protobuf.dev/programming-guides/encoding/ */
export function* readFields(message: Buffer): Generator<Field> {
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = message.readUInt8(at++);
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    throw new RangeError('The message is not valid Protocol Buffers.');
  };
  const take = (length: number): Buffer => {
    if (at + length > message.length) throw new RangeError('The message ends too early.');
    return message.subarray(at, (at += length));
  };
  while (at < message.length) {
    const tag = Number(varint());
    const number = tag >>> 3;
    switch (tag & 7) {
      case 0:
        yield { number, bytes: NONE, value: varint() };
        break;
      case 1: {
        const bytes = take(8);
        yield { number, bytes, value: bytes.readBigUInt64LE() };
        break;
      }
      case 2:
        yield { number, bytes: take(Number(varint())), value: 0n };
        break;
      case 5:
        yield { number, bytes: take(4), value: 0n };
        break;
      default:
        throw new RangeError('The message is not valid Protocol Buffers.');
    }
  }
}
