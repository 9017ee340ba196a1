type Capture = <Client extends object>(client: Client) => Client;

let capture: Capture = (client) => client;

/** Lets a tracer follow the calls of the AWS clients that are made from now on. */
export function captureClients(by: Capture): void {
  capture = by;
}

/** Creates a value on first use and keeps it for the life of the process. AWS clients are shown to the tracer. */
export function once<Value extends object>(make: () => Value): () => Value {
  let value: Value | undefined;
  return () => (value ??= captured(make()));
}

const captured = <Value extends object>(value: Value): Value => ('middlewareStack' in value ? capture(value) : value);
