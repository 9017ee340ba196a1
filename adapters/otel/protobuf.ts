/** Bytes for the length of a message: most have less than 16 KiB, none more than 256 MiB. */
const SHORT = 2;
const LONG = 4;

/** Writes the few wire types of Protocol Buffers that OTLP uses. https://protobuf.dev/programming-guides/encoding/ */
export class ProtobufWriter {
  #bytes = Buffer.allocUnsafe(1_024);
  #at = 0;

  varint(field: number, value: number): this {
    this.#tag(field, 0);
    this.#varint(value);
    return this;
  }

  fixed64(field: number, value: bigint): this {
    this.#tag(field, 1);
    this.#room(8);
    this.#at = this.#bytes.writeBigUInt64LE(value, this.#at);
    return this;
  }

  double(field: number, value: number): this {
    this.#tag(field, 1);
    this.#room(8);
    this.#at = this.#bytes.writeDoubleLE(value, this.#at);
    return this;
  }

  text(field: number, value: string): this {
    this.#length(field, Buffer.byteLength(value));
    this.#at += this.#bytes.write(value, this.#at);
    return this;
  }

  /** @param value hex digits */
  hex(field: number, value: string): this {
    this.#length(field, value.length / 2);
    this.#at += this.#bytes.write(value, this.#at, 'hex');
    return this;
  }

  /**
   * A message within this one, written in place. Its length is filled in afterwards, with bytes to spare: decoders accept
   * varints that are longer than needed.
   */
  message(field: number, write: (message: this) => void): this {
    this.#tag(field, 2);
    const at = this.#at;
    this.#room(SHORT);
    this.#at += SHORT;
    write(this);
    const length = this.#at - at - SHORT;
    const spared = length < 0x80 ** SHORT ? SHORT : LONG;
    if (spared === LONG) {
      this.#room(LONG - SHORT);
      this.#bytes.copyWithin(at + LONG, at + SHORT, this.#at);
      this.#at += LONG - SHORT;
    }
    for (let byte = 0, rest = length; byte < spared; byte += 1, rest >>>= 7) {
      this.#bytes[at + byte] = (rest & 0x7f) | (byte < spared - 1 ? 0x80 : 0);
    }
    return this;
  }

  done(): Buffer {
    return this.#bytes.subarray(0, this.#at);
  }

  /** The tag and length of what follows, for which there is room then. */
  #length(field: number, bytes: number): void {
    this.#tag(field, 2);
    this.#varint(bytes);
    this.#room(bytes);
  }

  #tag(field: number, wire: number): void {
    this.#varint(field * 8 + wire);
  }

  /** Up to 2^53, in steps of seven bits. */
  #varint(value: number): void {
    this.#room(8);
    let rest = value;
    while (rest >= 0x80) {
      this.#bytes[this.#at++] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    this.#bytes[this.#at++] = rest;
  }

  #room(bytes: number): void {
    if (this.#at + bytes <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#at + bytes));
    this.#bytes.copy(larger, 0, 0, this.#at);
    this.#bytes = larger;
  }
}
