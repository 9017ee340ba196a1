const LEGAL_FORM = String.raw`(?:Inc|Corp|Corporation|Ltd|LLC|plc|PLC|Group|Co|Company|AG|SE|Holdings)\b\.?`;
const OTHERS = new RegExp(String.raw`^(?:\p{Lu}[\p{L}&'’-]*,? ){1,4}${LEGAL_FORM},?(?: [\p{Ll}]+){0,2} `, 'u');
const OWN = /\b(?:we|we're|we've|our|us|the company|the registrant)\b/i;

/** The words by which a text may call a company: its name without the legal form, and the first word of it. */
export function callNames(company: string): string[] {
  const bare = company.replace(/,? (?:Inc|Corp|Corporation|Company|Group|Holdings?|plc|Ltd|Co)\.?$/i, '');
  const first = bare.split(/[\s,]/)[0] ?? bare;
  return [...new Set([company, bare, first])].filter((name) => name.length > 2);
}

/** Whether a sentence has another company as its subject and says nothing of this one. */
export function isOfOthers(sentence: string, company: string): boolean {
  if (OWN.test(sentence) || callNames(company).some((name) => sentence.includes(name))) return false;
  return OTHERS.test(sentence);
}
