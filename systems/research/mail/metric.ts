/** Counts mails of briefs that were refused, not sent, or of which nobody knows. */
export const NOT_MAILED = 'BriefMailsNotSent';
