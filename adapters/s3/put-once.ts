import { PutObjectCommand, S3ServiceException, type PutObjectCommandInput, type S3Client } from '@aws-sdk/client-s3';

/** Attempts while another writer is writing the same object, which takes as long as one request. */
const ATTEMPTS = 3;

/** Writes an object unless one of the same key exists. Returns whether it was written. */
export async function putOnce(client: S3Client, input: Omit<PutObjectCommandInput, 'IfNoneMatch'>): Promise<boolean> {
  const put = new PutObjectCommand({ ...input, IfNoneMatch: '*' });
  for (let attempt = 1; ; attempt += 1) {
    try {
      await client.send(put);
      return true;
    } catch (error) {
      if (isStatus(error, 412)) return false;
      if (!isStatus(error, 409) || attempt === ATTEMPTS) throw error;
    }
  }
}

const isStatus = (error: unknown, status: number): boolean =>
  error instanceof S3ServiceException && error.$metadata.httpStatusCode === status;
