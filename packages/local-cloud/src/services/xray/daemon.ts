import { createSocket } from 'node:dgram';
import { once } from 'node:events';

/** What a Lambda function's X-Ray daemon receives. */
export interface Daemon {
  /** `127.0.0.1:2000`, as AWS_XRAY_DAEMON_ADDRESS has it. */
  readonly address: string;
  close(): Promise<void>;
}

/** Spans in OTLP follow this, in base64. Segments of X-Ray's SDK are JSON instead: they are not kept here. */
const OTLP = /^\{[^\n]*\}\nT1[SU]/;
/** Datagrams wait here while this process is busy. The system allows less: then some are lost. */
const BUFFER_BYTES = 4_000_000;

/** Listens for datagrams on a free port of 127.0.0.1. @param onSpans gets an `ExportTraceServiceRequest` in Protocol Buffers */
export async function openDaemon(onSpans: (request: Buffer) => void): Promise<Daemon> {
  const socket = createSocket({ type: 'udp4', recvBufferSize: BUFFER_BYTES });
  socket.on('error', () => undefined);
  socket.on('message', (datagram) => {
    const text = datagram.toString('latin1');
    const [header] = OTLP.exec(text) ?? [];
    if (header !== undefined) onSpans(Buffer.from(text.slice(header.length), 'base64'));
  });
  socket.unref();
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return {
    address: `127.0.0.1:${socket.address().port}`,
    close: () => new Promise((resolve) => socket.close(() => resolve())),
  };
}
