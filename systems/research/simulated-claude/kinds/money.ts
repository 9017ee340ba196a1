import { frame } from './frame.ts';
import { AMOUNT, EARNINGS, PER_SHARE, PERCENT, PRICE, QUARTER, ROLE, verbs } from './words.ts';

const FINANCE = String.raw`\b(?:fund(?:ing|raising)|financing|series [a-h]|rounds?|(?:senior |convertible )?notes|bonds?|debt|debentures|offering|placement|credit (?:facility|line)|line of credit|facility|loans?|(?:\w+ )?capital|equity|securities|common stock|new shares|investors?|backers|lenders|banks|borrowings|ventures|fresh (?:money|cash))\b`;
const TAKE = String.raw`\b(?:${verbs('raise, secure, close, complete, obtain, price, issue, place, borrow, land, receive, provide, pump!, back, invest, attract, arrange, sign, inject, pour, collect, enter into, tap!, support, conclude, gather')}|sell|sells|sold|selling|get|gets|got|getting|bring|brings|brought|put|puts|putting|lead|leads|led|take[sn]?(?: in)?|took(?: in)?|find|finds|found|lends?|lent|give|gives|gave|win|wins|won)\b`;
const NO_FUNDING = [
  String.raw`\b(?:acqui(?:re|res|red|ring|sition)|takeover|merge[rd]?|merging|damages|fine[sd]?|lawsuit|settle\w*|sued|contract|court|complaint|dividend|charity|donat\w+)\b(?!.*\b(?:notes|bonds|loans?|series [a-h]|round|credit)\b)`,
  String.raw`\bbuy(?:s|ing)? (?!.*\b(?:notes|bonds)\b)`,
  String.raw`${QUARTER}.*${EARNINGS}|${EARNINGS}.*${QUARTER}`,
];
const BUY = String.raw`\b(?:${verbs('acquire, purchase, absorb, snap! up, gobble up, swallow, take over, pick up, merge, combine')}|buy|buys|buying|bought|takes? over|took over|taken over|taking over|(?:takes?|taking|took|holds?) (?:a|an) (?:[\w%.]+ ){0,3}stake|acquisition|takeover|merger|buyout|sale of|sells?|selling|sold|pays?|paid|paying|new owner|belongs?|bid|offer(?:ed)?|accept\w*|(?:hand|transfer)(?:s|ed|ing)? (?:over )?(?:the|its|their) (?:company|business|firm|unit|division))\b`;
const COMPANY = String.raw`\b(?:stakes?|company|firm|maker|start-?up|rival|competitor|businesse?s?|division|unit|subsidiary|outstanding|all of|shareholders)\b|\b(?:Inc|Corp|Ltd|LLC|plc|Group|Labs|Co)\b`;
const AGREEMENT = String.raw`\b(?:agreements?|contracts?|deals?|pacts?|orders?|partnerships?|alliances?|collaborations?|tie-?up|cooperation|accord)\b`;
const TERM = String.raw`\b(?:\d+|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty)(?:[ -]| more )years?\b|\buntil 20\d\d\b|\bthrough 20\d\d\b`;
/** Who lends closes no deal: the company has raised money. */
const LENDERS = String.raw`\b(?:lenders?|lending banks|syndicate of (?:\w+ )?banks)\b`;
const NO_DEAL = [
  ROLE,
  LENDERS,
  String.raw`\b(?:financing|funding|placement|proceeds|fresh capital|capital from)\b(?!.*\b(?:acquisition of|merger)\b)`,
  String.raw`\b(?:notes|bonds|credit (?:facility|agreement)|term loan|loan|indenture|borrowings?|lawsuit|breach of contract|union|employment agreement|years? ago|settle\w*)\b`,
];

export const MONEY = [
  frame('results', 3, [QUARTER, EARNINGS, `${AMOUNT}|${PERCENT}|${PRICE}`], [AMOUNT + '.*\\b(?:acquire|notes)\\b']),
  frame('results', 3, [QUARTER, PER_SHARE]),
  frame('results', 3, [
    QUARTER,
    String.raw`\b(?:financial )?results\b`,
    String.raw`\b(?:${verbs('report, announce, publish, release, post, furnish, issue, present, close')})\b`,
  ]),
  frame('results', 3, [
    QUARTER,
    AMOUNT,
    String.raw`\b(?:took in|brought in|generated|made|earned|posted|reported|booked|turned over)\b`,
  ]),
  frame('results', 2, [QUARTER, EARNINGS]),
  frame('results', 2, [EARNINGS, AMOUNT, String.raw`${PERCENT}|${PER_SHARE}`]),
  frame('results', 1, [EARNINGS]),

  frame('funding', 3, [AMOUNT, FINANCE, TAKE], NO_FUNDING),
  frame(
    'funding',
    3,
    [String.raw`\b(?:raise|raises|raised|raising|secured?|landed)\b.{0,30}${AMOUNT}`],
    [...NO_FUNDING, EARNINGS, String.raw`\b(?:forecast|target|guidance|dividend)\b`],
  ),
  frame(
    'funding',
    3,
    [
      AMOUNT,
      String.raw`\b(?:senior notes|series [a-h]|credit facility|credit line|term loan|convertible notes|private placement|capital increase|funding round|bonds?|borrow\w*)\b`,
    ],
    NO_FUNDING,
  ),
  frame('funding', 3, [AMOUNT, LENDERS], [String.raw`\b(?:lawsuit|sued|court|damages|settle\w*)\b`]),
  frame('funding', 2, [AMOUNT, FINANCE], NO_FUNDING),
  frame(
    'funding',
    2,
    [AMOUNT, String.raw`\b(?:invest(?:s|ed|ing)? in (?:us|it|the company)|back(?:s|ed|ing))\b`],
    NO_FUNDING,
  ),
  frame('funding', 1, [AMOUNT]),

  frame(
    'deal',
    3,
    [BUY, AMOUNT],
    [...NO_DEAL, EARNINGS, String.raw`\b(?:securities|investors|damages|fine|notes|claims?)\b`],
  ),
  frame(
    'deal',
    3,
    [
      String.raw`\b(?:acquir\w+|acquisition|takeover|merge[rds]*|merging|buyout|agreement and plan of merger|stock purchase agreement)\b`,
    ],
    NO_DEAL,
  ),
  frame('deal', 3, [BUY, COMPANY], [...NO_DEAL, String.raw`\b(?:customers|shoppers|users|anybody|everyone|data)\b`]),
  frame(
    'deal',
    3,
    [
      String.raw`\b(?:joint venture|team(?:s|ed|ing)? up|join(?:s|ed|ing)? forces|partner(?:s|ed|ing)? with|tie[sd]? (?:itself|up))\b`,
    ],
    NO_DEAL,
  ),
  frame('deal', 3, [AGREEMENT, TERM], NO_DEAL),
  frame(
    'deal',
    3,
    [
      AGREEMENT,
      String.raw`\b(?:${verbs('sign, award, enter into, strike, renew, extend, conclude, reach, ink, agree, clinch')}|signed up|won|wins?|struck|entered into|made)\b`,
    ],
    NO_DEAL,
  ),
  frame(
    'deal',
    3,
    [
      TERM,
      String.raw`\b(?:${verbs('supply, deliver, distribute, partner, provide, commit, pick, choose, sign, sell, manufacture')}|chose|chosen|suppliers?|exclusive(?:ly)?|partners?|work(?:s|ing)? (?:exclusively |together )?with|together)\b`,
    ],
    [...NO_DEAL, String.raw`\b(?:developed|hire|jobs)\b`],
  ),
  frame(
    'deal',
    2,
    [
      String.raw`\b(?:partnership|alliance|collaborat\w+|partner|supplier)\b`,
      String.raw`\b(?:sign\w*|announc\w+|agree\w*|pick(?:s|ed)|cho(?:se|osen)|new|today)\b`,
    ],
    NO_DEAL,
  ),
  frame('deal', 2, [BUY, PRICE, PER_SHARE], NO_DEAL),
  frame('deal', 1, [String.raw`${AGREEMENT}|${BUY}|${TERM}`], NO_DEAL),
];
