/** What says that nothing happened, that it is not certain, or that it is said of every company. */
const NOTHING =
  /\?["”’)]*$|\b(?:forward-looking|might|rumou?rs?|rumou?red|speculat\w+|den(?:y|ies|ied)|no (?:such )?plans?|no decision|a decision (?:on|about)|put off|postponed|analysts? (?:\w+ )?(?:expects?|predicts?|believes?|thinks?|estimates?)|not (?:plan|comment|expect|aware|decided)\w*|declin\w+ to comment on|far-fetched|is said to|are said to|in (?:early |advanced )?talks|(?:ended|broke off|early) talks|talks about|too early to say|weigh(?:s|ing)|mull(?:s|ing)|consider(?:s|ing)|explor(?:es|ing) (?:a|the|options)|(?:would|could) (?:probably|likely|have)|likely to|probably|if\b.{0,80}\bwould|looking back)\b|\b(?:may|could) (?!not\b|no longer\b|also\b|now\b)(?:be|have|buy|cut|sell|raise|soon|launch|follow|leave|acquire|merge|face)\b/i;
const DONE = String.raw`(?:bought|buy(?:ing)?|acquir\w+|agreed?|sold|sell(?:ing)?|rais\w+|cut(?:ting)?|merg\w+|sign\w*|hir\w+|laid|lay(?:ing)?|launch\w*|su(?:ed|ing)|appoint\w+|left|leav\w+|rename\w*|clos\w+|open\w*)`;
const UNTRUE = String.raw`(?:not (?:true|correct|the case)|untrue|incorrect|false|unfounded|baseless|made up|invented)`;
/** What says that something did not happen, wherever it is told. */
const DENIAL = new RegExp(
  [
    String.raw`\b(?:is|are|was|were|isn['’]t|wasn['’]t) (?:simply |just |plainly |also )?${UNTRUE}\b`,
    String.raw`\b(?:nothing (?:in|to) (?:the|this|that|these) |no truth (?:in|to) |contrary to )(?:\w+ )?(?:reports?|rumou?rs?|claims?|story|stories)\b`,
    String.raw`\b(?:reports?|claims?|story|stories)\b.{0,60}\b(?:is|are|was|were) (?:wrong|mistaken|a hoax)\b`,
    String.raw`\b(?:refut|dismiss|reject)\w* (?:a |the |these |those |media |press )*(?:reports?|rumou?rs?|claims?|speculation|suggestions?)\b`,
    String.raw`\b(?:has|have|had|did|does|do|is|are|was|were)(?: not|n['’]t)(?: yet| ever| actually)? (?:been )?${DONE}\b`,
    String.raw`\b(?:has|have|had) never (?:been )?${DONE}\b`,
  ].join('|'),
  'i',
);
const LONG_AGO =
  /\b(?:(?:\d+|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty|thirty|forty|fifty|many|several|some|hundred) years ago|decades? ago|since (?:its|our|the) (?:founding|foundation|inception)|(?:was |were )?founded (?:in|by)|in (?:1[89]\d\d|200\d|201\d)\b|last (?:century|decade)|anniversary)/i;
const EVERYBODY =
  /\b(?:across the industry|a (?:report|study) (?:by|of|from)|according to a (?:report|study|survey)|trade group|industry (?:group|association|body)|companies that|companies in|survey of|cookies?|all rights reserved|privacy|subscribe|newsletter|terms of use|click|sign up for|log in here|past performance|risk factors|shall not be deemed|section 18)\b|^(?:how|why|what|when you|here is|here are|visit|read|ask)\b/i;

/** Whether a sentence states no fact of its own company and time. */
export const isNoNews = (sentence: string): boolean =>
  NOTHING.test(sentence) || DENIAL.test(sentence) || LONG_AGO.test(sentence) || EVERYBODY.test(sentence);

/** Whether a sentence takes back the one before it: "That is not true." */
export const takesBack = (sentence: string): boolean =>
  /^(?:[“"']?(?:that|this|it|the (?:report|story|claim)|all of (?:that|this|it)|neither|none of (?:that|this|it))\b)/i.test(
    sentence,
  ) &&
  sentence.length < 200 &&
  (DENIAL.test(sentence) ||
    (/\b(?:den(?:y|ies|ied)|happened|wrong)\b/i.test(sentence) &&
      /\b(?:not|no|none|never|neither|wrong|den(?:y|ies|ied))\b/i.test(sentence)));

const NO_STORY =
  /\?$|\b(?:no plans?|denies|denied|rumou?rs?|speculat\w+|would|might|could|years ago|anniversary|looking back|remember\w*|case study|customer story|survey|interview|tips|questions to|guide|explained|explaining|outlook|how to|market comment|no comment|talks ended|not true|untrue|no truth|hoax|refutes?d?|dismisse[sd]|weighs|mulls|considers|not rule)\b/i;

/** Whether a headline says that its story tells no news. */
export const isNoStory = (title: string): boolean => NO_STORY.test(title);
