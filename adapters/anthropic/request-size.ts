import { FailureError } from '#core/failures/failure.ts';
import { base64Bytes } from '#core/models/request-size.ts';
import type { ModelRequest } from '#core/ports/model.ts';

/**
 * Throws a permanent failure for a request whose documents are too large, before it is sent. The provider would reject it
 * after the upload, and some gateways before it drop the connection instead.
 */
export function checkSize({ messages }: Pick<ModelRequest, 'messages'>, title: string, maxBytes: number): void {
  const documents = messages.flatMap(({ content }) => content.filter((part) => part.type === 'document'));
  const raw = documents.reduce((sum, { bytes }) => sum + bytes.byteLength, 0);
  if (documents.reduce((sum, { bytes }) => sum + base64Bytes(bytes.byteLength), 0) <= maxBytes) return;
  throw new FailureError({
    kind: 'permanent',
    notBilled: true,
    reason:
      `The documents have ${megabytes(raw)} MB, which base64 makes a third larger; ${title} accepts requests of ` +
      `${megabytes(maxBytes)} MB. Reduce the size of their pictures, or split them.`,
  });
}

const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1);
