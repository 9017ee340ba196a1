import { frame } from './frame.ts';
import { PEOPLE, PERCENT, ROLE, verbs, WORKFORCE } from './words.ts';

const COMES = String.raw`\b(?:${verbs('appoint, name, promote, elect, hire, join, succeed, welcome, assume, pick, select, replace, follow, tap!, install, recruit, move up, start as, nominate')}|appointment|chose|chosen|choos(?:e|es|ing)|tak(?:e|es|ing) (?:over|the|his|her|up|on)|took (?:over|the|up|on)|becom(?:e|es|ing)|became|bring(?:s|ing)? in|brought in|goes to|serve as|will (?:be|lead|run|head)|to (?:run|lead|head)|(?:is|has|have|as) (?:our|its|the|a)?\s?(?:new|next)|new|interim|reins|helm|successor|effective)\b`;
const GOES = String.raw`\b(?:${verbs('step! down, resign, retire, depart, oust, dismiss, fire, bow out, hand over, hand in, remove, exit, vacate')}|resignation|retirement|leav(?:e|es|ing)|left|quits?|quitting|gives? up|gave up|goes|going|step(?:s|ping)? (?:aside|back)|departure|notified|mov(?:e|es|ed|ing) on|farewell)\b`;
const PERSON = /\p{Lu}[\p{L}'’-]+(?: \p{Lu}\.)? \p{Lu}[\p{L}'’-]+/u;
const NO_OFFICER = [
  String.raw`\b(?:according to|declared|dividend|workforce|reduce|lawsuit|complaint|offering|restructuring)\b`,
];

const DOWN = String.raw`\b(?:${verbs('eliminate, reduce, shed!, axe, slash, trim!, lay off, dismiss, part with, part ways with, shrink, affect, scrap!, downsize, lower, release, ax, terminate, close, drop!, abolish, separate from')}|cut|cuts|cutting|let(?:s|ting)?(?: [\w,]+){0,6} go|laid off|lose|loses|losing|lost|loss(?:es)?|go|goes|going|gone|leav(?:e|es|ing)|fall|falls|fell|shrank|smaller|fewer|goodbye|redundan\w+|get notice|got notice|given notice|disappear\w*|no longer|(?:do|does|did|doing|done) away with|(?:will|to) end)\b`;
const UP = String.raw`\b(?:${verbs('hire, recruit, add, create, fill, seek, look for, search for, take on, need, want, employ, advertise, grow, staff up, expand, engage, welcome, offer, increase, enlarge, strengthen')}|took on|bring(?:s|ing)? (?:on board|in)?|on board|sought|grew|open(?:s|ed|ing|ings)?|vacanc(?:y|ies)|vacant|wanted|available|taking applications|new|additional|more|join)\b`;
/** Names of trades, such as welders, and not of things or customers. */
const TRADES = String.raw`(?!(?:customers|users|members|orders|routers|servers|numbers|papers|investors|buyers|computers|sensors|partners|dealers)\b)[a-z]{3,}(?:ers|ors|ists|ians)\b`;
const JOBS = String.raw`\b(?:${verbs('hire, recruit, take on, employ, advertise, staff up')}|hiring|jobs?|positions?|roles?|posts|openings|vacanc(?:y|ies)|recruitment|payroll|on board|new (?:colleagues|employees|staff)|colleagues|employees|workers|staff|team|wanted|people)\b`;

export const PEOPLE_MOVES = [
  frame('leadership', 3, [ROLE, COMES, PERSON], NO_OFFICER),
  frame('leadership', 3, [ROLE, GOES], NO_OFFICER),
  frame(
    'leadership',
    3,
    [
      String.raw`\b(?:appoint(?:s|ed)|elect(?:s|ed)|nam(?:es|ed)|resign(?:s|ed)|steps? down|stepp(?:ed|ing) down|succeed(?:s|ed|ing)?|retir(?:es|ed|ing))\b`,
      ROLE,
    ],
    NO_OFFICER,
  ),
  frame(
    'leadership',
    2,
    [
      PERSON,
      String.raw`\b(?:succeed(?:s|ed|ing)?|step(?:s|ped|ping)? down|reins|helm|bow(?:s|ed) out|successor|tak(?:es|ing) over (?:from|as)|took over from|hand(?:s|ed|ing)? over)\b`,
    ],
    NO_OFFICER,
  ),
  frame('leadership', 1, [String.raw`${COMES}|${GOES}`, PERSON], NO_OFFICER),

  frame('layoffs', 3, [
    String.raw`\b(?:lay(?:s|ing)? off|laid off|layoffs?|job cuts|job losses|redundanc(?:y|ies)|made redundant|reductions? in force|workforce reduction)\b`,
  ]),
  frame(
    'layoffs',
    3,
    [PEOPLE, DOWN],
    [
      String.raw`\b(?:hackers|customers|users|records)\b`,
      String.raw`\b(?:hir(?:e|es|ing)|recruit\w*|vacanc\w+|openings)\b`,
    ],
  ),
  frame(
    'layoffs',
    3,
    [WORKFORCE, DOWN, PERCENT],
    [String.raw`\b(?:hir(?:e|es|ing)|recruit\w*|costs?|revenue|sales|price)\b`],
  ),
  frame(
    'layoffs',
    3,
    [
      String.raw`\b(?:workforce|headcount|head count|payroll|staff)\b`,
      DOWN,
      String.raw`\b(?:by|to) (?:about |some |around |approximately )?\d`,
    ],
    [String.raw`\b(?:hir(?:e|es|ing)|recruit\w*)\b`],
  ),
  frame('layoffs', 2, [
    WORKFORCE,
    String.raw`\b(?:reduc\w+|cut(?:s|ting)?|eliminat\w+|smaller|shrink\w*|downsiz\w+)\b`,
  ]),
  frame('layoffs', 1, [`${PEOPLE}|${WORKFORCE}`]),

  frame('hiring', 3, [PEOPLE, UP, JOBS], [DOWN, ROLE, String.raw`\b(?:survey|managers? (?:expect|show)|records)\b`]),
  frame('hiring', 3, [PEOPLE, String.raw`\b(?:seek(?:s|ing)?|looking for|wanted|advertis\w+|in search of)\b`], [DOWN]),
  frame(
    'hiring',
    3,
    [String.raw`\b(?:hir(?:e|es|ing)|recruit(?:s|ing)?|take on|taking on|create|creates|creating)\b.{0,30}${PEOPLE}`],
    [String.raw`\b(?:survey)\b`],
  ),
  frame(
    'hiring',
    3,
    [
      String.raw`\b(?:applications for|hir(?:e|es|ing)|recruit(?:s|ing)?|seek(?:s|ing)?|looking for)\b.{0,20}\b\d[\d,]* (?:\w+ ){0,2}${TRADES}`,
    ],
    [DOWN],
  ),
  frame('hiring', 1, [`${PEOPLE}|${String.raw`\b(?:hir(?:e|es|ing)|recruit\w*)\b`}`]),

  frame(
    'rename',
    3,
    [
      String.raw`\b(?:chang(?:e|es|ed|ing)|adopt(?:s|ed|ing)?|tak(?:e|es|ing)|took|drop(?:s|ped|ping)?|amend(?:s|ed)?|replac(?:e|es|ed|ing))\b.{0,80}\bname\b`,
    ],
    [String.raw`\bnames of\b|\bin the name of\b`],
  ),
  frame(
    'rename',
    3,
    [
      String.raw`\b(?:renam(?:e|es|ed|ing)|rebrand(?:s|ed|ing)?|rechristen\w*|(?:formerly|previously) known as|(?:be|are|is) known as|new (?:corporate |company )?name|does business as|do business as|trad(?:e|es|ing) (?:as|under)|(?:is|are|be) (?:now |from now on )?called|goes by|go by|old name)\b`,
    ],
    [String.raw`\b(?:offer|product|version|model|platform) (?:\w+ )?(?:called|known as)\b`],
  ),
  frame('rename', 3, [
    String.raw`\b(?:our|its|the company['’]?s?|the) (?:\w+ )?name (?:is|will be|of the company)\b|\bis the name of\b`,
  ]),
  frame('rename', 2, [String.raw`\b(?:we are|is|becomes?) now \p{Lu}|\bname\b.{0,40}\b(?:now|today|longer)\b`]),
  frame('rename', 1, [String.raw`\b(?:name|now|becomes?|called|identity|brand)\b`]),
];
