/** Counts mails of digests that were refused, of which nobody knows, or that this fleet cannot send. */
export const DIGESTS_NOT_MAILED = 'DigestMailsNotSent';
