import { frame } from './frame.ts';
import { AMOUNT, ROLE, verbs } from './words.ts';

const COURT = String.raw`\b(?:courts?|courtroom|judge|jury|tribunal|prosecutors?|regulators?|commission|authority|attorney general|department of justice|ftc|sec)\b`;
const CHARGE = String.raw`\b(?:${verbs('accuse, allege, sue, fine, charge, demand, indict, order, investigate, settle, infringe, defend, answer, claim, seek, file, block, penalise, penalize, overcharge')}|sought|brought|took .{0,60} to court)\b`;
const HOURS = String.raw`\b(?:\d+(?:\.\d+)?|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|several|half an)[ -](?:more than |about )?(?:hours?|minutes?|days?)\b|\bhours\b|\b(?:morning|afternoon|night|overnight)\b|\bbetween \d+ and \d+\b`;
const FAILED = String.raw`\b(?:down|unavailable|offline|off line|dark|unreachable|inaccessible|out of (?:action|service|order)|stranded|frozen|could(?:n['’]t| not)|can ?not|unable|without access|no access|locked out|cut off|did(?:n['’]t| not) (?:work|respond|load|open|start)|out of service|held up|not work(?:ing)?|${verbs('fail, interrupt, disrupt, crash, stop! working, break down, restore, halt, stall, suspend, knock out, collapse, black out, freeze')}|broke down|failure|disruption|interruption|errors?|lost|running again|bring .{0,60} back|came back|back up|without)\b`;
const HURT = String.raw`\b(?:customers?|users?|accounts?|services?|systems?|access|orders?|platform|shops|passengers|patients)\b`;
const NO_OUTAGE = [ROLE, String.raw`\b(?:sensor runs|tested|for sale|planned maintenance|open from|store hours)\b`];

export const TROUBLE = [
  frame('lawsuit', 3, [
    String.raw`\b(?:lawsuits?|sue[sd]?|suing|class action|legal (?:action|proceedings|challenge)|indict\w+|antitrust|defendants?|plaintiffs?|subpoena\w*|injunction)\b`,
  ]),
  frame('lawsuit', 3, [COURT, CHARGE]),
  frame(
    'lawsuit',
    3,
    [
      String.raw`\b(?:complaint|suit|action|claims?|allegations?|proceedings)\b`,
      String.raw`\b(?:filed|files|filing|alleg\w+|court|against|served|brought|settle)\b`,
    ],
    [String.raw`\bfiled a (?:certificate|report)\b`],
  ),
  frame('lawsuit', 3, [String.raw`\b(?:fine[sd]?|penalty|damages|settlement)\b`, AMOUNT]),
  frame('lawsuit', 3, [
    String.raw`\b(?:investigat\w+|probe[sd]?|inquiry)\b`,
    String.raw`\b(?:into|open(?:s|ed)?|launch(?:es|ed)?|commission|regulator\w*|authorit\w+|prosecutors?)\b`,
  ]),
  frame('lawsuit', 3, [
    String.raw`\b(?:haul(?:s|ed)?|drag(?:s|ged)?|brought|tak(?:es|en)|took|appears?|summon(?:s|ed)) (?:\w+ ){0,3}(?:before|to|into) (?:a |the )?(?:\w+ )?(?:court|judge|tribunal)\b`,
  ]),
  frame('lawsuit', 2, [
    String.raw`\b(?:accus\w+|alleg\w+|infring\w+|go(?:es|ne)? to court|went to court|to court|in court)\b`,
  ]),
  frame('lawsuit', 1, [String.raw`\b(?:claims?|dispute|settle\w*|against|demands?|legal)\b`]),

  frame(
    'outage',
    3,
    [
      String.raw`\b(?:(?:data|security) breach|cyber-?attack|ransomware|went (?:down|offline|dark)|hacked|hackers|unauthori[sz]ed access|(?:gained|had) access to|product recall|recall(?:s|ed|ing)?)\b`,
    ],
    NO_OUTAGE,
  ),
  frame(
    'outage',
    3,
    [
      String.raw`\b(?:outages?|downtime)\b`,
      String.raw`${HOURS}|${HURT}|\b(?:hit|struck|affect(?:s|ed)|caused|left|experienced|suffered|was|were|had)\b`,
    ],
    [...NO_OUTAGE, String.raw`\b(?:costs?|prepare[ds]?|prevent\w*|avoid\w*)\b`],
  ),
  frame('outage', 2, [String.raw`\boutages?\b`], NO_OUTAGE),
  frame(
    'outage',
    3,
    [
      String.raw`\b(?:data|details|records|addresses|passwords|information)\b`,
      String.raw`\b(?:exposed|leaked|stolen|stole|accessed by)\b`,
    ],
    NO_OUTAGE,
  ),
  frame('outage', 3, [HOURS, FAILED], [...NO_OUTAGE, String.raw`\b(?:jobs|workforce|revenue)\b`]),
  frame(
    'outage',
    3,
    [
      HURT,
      String.raw`\b(?:could(?:n['’]t| not) (?:use|log|reach|access|be (?:used|reached))|unable to|no access|had no|lost (?:service|access|connection)|stranded|cut off|unavailable|disrupt(?:ed|ion)|interrupt(?:ed|ion) of)\b`,
    ],
    NO_OUTAGE,
  ),
  frame(
    'outage',
    3,
    [
      String.raw`\b(?:pull(?:s|ed|ing)?|withdr[ae]w\w*|tak(?:es|ing)|took)\b.{0,60}\b(?:from (?:shops|stores|sale|the market)|off the (?:shelves|market))\b`,
    ],
    [String.raw`\bcaught fire\b.*\bnever\b`],
  ),
  frame(
    'outage',
    2,
    [String.raw`\b(?:interruption|disruption|incident|breach|failure) (?:of|in|at|to|affecting)\b`],
    NO_OUTAGE,
  ),
  frame('outage', 1, [FAILED], NO_OUTAGE),
];
