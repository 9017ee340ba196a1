import type { Reason } from '../agents/answer.ts';

/**
 * Patterns of messages that a person must answer, by reason. They are broad on purpose: a routine message that matches
 * costs a colleague a minute, a missed one may cost a customer. They expect lower case and straight quotes.
 */
export const PATTERNS: Readonly<Partial<Record<Reason, readonly RegExp[]>>> = {
  legal: [
    /\b(?:magistrate|barrister|redress|prosecut\w+|settlement|indemn\w+|citizens advice|take (?:this|it|the matter) further|official channels|file(?:d)? a claim|claim under|mediat\w+|arbitrat\w+|authorit(?:y|ies))\b/,
    /\b(?:lawyers?|attorneys?|solicitors?|barristers?|ombudsman|tribunal|litigat\w*|lawsuit|anwalt|avocat|abogad[oa])\b/,
    /\blegal (?:action|advice|proceedings|steps|counsel|team|department|claim|notice|rights|route|remed\w+|representati\w+)/,
    /\b(?:sue|sued|suing)\b|\bcourts?\b|\bsmall claims\b|\bletter before\b|\bcease and desist\b|\bjudge\b/,
    /\bconsumer (?:protection|rights|board|agency|affairs|law|authority|association)|\btrading standards\b|\bregulator|\bbetter business bureau\b|\bbbb\b/,
    /\bstatutory\b|\bbreach(?:ed)? of (?:the )?contract\b|\b(?:against|break(?:ing)?|broke|broken|violat\w+) (?:the |a )?law\b|\bmy rights\b|\bliable\b|\bdamages\b/,
  ],
  safety: [
    /\b(?:blister\w*|in pain|fell down|fell over|tripped|fainted|sick(?:ness)?|vomit\w*|ill from|nearly (?:hit|killed|choked)|could have (?:been|died|killed)|lucky (?:that )?(?:no one|nobody)|too hot|red[- ]hot|unconscious|broke(?:n)? (?:my|his|her) )\b/,
    /\binjur\w*|\bwound\w*|\b(?:bleed|bled|blood)\w*|\bstitches\b|\bhospital\w*|\bemergency (?:room|services)\b|\bambulance\b|\b(?:my|a|the|our) doctor\b|\bburns? unit\b/,
    /\b(?:hurt|cut|scald|sliced|burn|burned|burnt|stung|electrocuted|choked|bruised|shocked|zapped)\b.{0,25}\b(?:me|my|him|her|his|our|us|them|child|son|daughter|baby|kid|dog|cat|finger|hand|face|leg|arm|foot|myself|someone|somebody)\b/,
    /\b(?:caught|on|catch(?:es)?|set) (?:on )?fire\b|\b(?:a|the) fire\b|\bflames?\b|\bsmok(?:e|ed|ing)\b|\bspark\w*|\bexplo(?:de|ded|ding|sion)\w*|\bmelt\w*|\boverheat\w*|\bburst\b|\bsinge\w*|\bscorch\w*/,
    /\b(?:my|his|her|our|their|your|child's|son's|daughter's|baby's|kid's|wife's|husband's) (?:left |right )?(?:arm|hand|finger|thumb|face|eye|leg|foot|feet|toe|skin|head|back|neck|hair|mouth|tongue|knee)s?\b/,
    /\b(?:electric\w*|got an?|gave (?:me|him|her) an?|had an?) shock\b|\blive wire\b|\bexposed wire/,
    /\b(?:unsafe|dangerous|hazard\w*|toxic|poison\w*|fumes|recall(?:ed)?|chok(?:e|ed|ing)|swallow\w*|allerg\w*|rash|scald\w*|collapsed)\b/,
  ],
  fraud: [
    /\b(?:not me|wasn't me|was not me|suspicious\w*|know nothing about|two payments|paid twice|double payment|taking the money back|wrong person|impersonat\w*|compromised|not (?:the one who|by me)|who ordered)\b/,
    /\bcharge ?-?back|\bdisput\w+|\bfraud\w*|\bscam\w*|\bunauthori[sz]ed\b|\bidentity theft\b|\bphish\w*|\bhack\w*|\bpolice\b|\bstolen\b|\bstole\b|\btheft\b/,
    /\b(?:did ?n'?o?t|never|haven't|have not|was not|wasn't)\b.{0,30}\b(?:authori[sz]e\w*|make (?:this|that|the|these)|made (?:this|that|the|these)|place(?:d)? (?:this|that|the|an?|any)|order(?:ed)? (?:this|that|it|anything)|buy|bought|purchase[d]?|agree\w*)\b/,
    /\b(?:someone|somebody|another person|a stranger)\b.{0,40}\b(?:used|using|uses|ordered|bought|logged|log in|account|card|access\w*|placed|name)\b/,
    /\b(?:do ?n'?o?t|can'?no?t|can't) recogni[sz]e\b|\bunknown (?:charge|payment|order|transaction)\b|\bnot my (?:card|order|purchase|account)\b|\breverse (?:the|this|that) (?:charge|payment|transaction)\b/,
    /\bcharged (?:me )?(?:twice|two times|double|three times)\b|\bdouble[- ]charge\w*|\b(?:bank|card (?:company|issuer))\b.{0,30}\b(?:revers\w+|claw\w*|pull\w*|take|return|block\w*|investigat\w*)\b/,
  ],
  privacy: [
    /\b(?:consent|your (?:files|database|records|systems?)|off your (?:list|files|books)|know about me|who (?:else )?(?:can see|has seen|has access)|told my (?:neighbou?r|husband|wife|boss|employer|family)|opt out)\b/,
    /\bgdpr\b|\bccpa\b|\bprivacy\b|\bdata protection\b|\bpersonal (?:data|information|details|info)\b|\bsubject access\b|\bforgotten\b(?! password| my password)/,
    /\b(?:delete|erase|remove|wipe|purge|destroy|get rid of|forget)\b.{0,40}\b(?:data|information|details|account|records?|profile|everything|about me|history)\b|\berasure\b|\bclose my account\b/,
    /\b(?:everything|all|what|data|information|records?)\b.{0,30}\b(?:hold|have|know|store|stored|keep|kept|collected|saved)\b.{0,20}\b(?:about|on|of) me\b/,
    /\b(?:copy|export) of (?:all )?(?:my|the) (?:data|information|records?|details)\b|\bleak\w*|\bdata breach\b|\b(?:shared|sold|gave|giving|pass\w*) my (?:address|details|data|information|email|number)\b/,
  ],
  human: [
    /\b(?:anyone|anybody|someone|somebody) (?:alive|there|real|who can|in charge)\b|\b(?:one of your|your) (?:colleagues?|team members?|people|staff)\b|\bphone (?:number|line)\b|\b(?:telephone|hotline)\b|\bi can (?:ring|call)\b|\bdecide something\b/,
    /\b(?:speak|talk|chat|connect\w*|transfer\w*|put|pass|hand|get|reach|want|need|give|forward)\b.{0,30}\b(?:human\w*|person|people|someone|somebody|manager|supervisor|representative|rep|operator|your boss|colleague|employee|staff|team leader|advis[eo]r)\b/,
    /\bhuman (?:being|agent|person|reply|answer)\b|\ba human\b|\breal (?:person|people|human|agent)\b|\bactual (?:person|human)\b|\bflesh and blood\b|\bescalat\w+/,
    /\b(?:call|phone|ring) me\b|\bcall back\b|\bcallback\b|\bgive me a call\b/,
    /\b(?:ro)?bots?\b|\bchatbot\b|\bautomated\b|\bautomatic (?:reply|answer|response)\w*|\b(?:to|with|by|from) (?:a|the|your) (?:machine|computer|ai)\b|\bcanned\b/,
  ],
  complaint: [
    /\b(?:here we go again|chasing|how often do i|explain (?:this|it) again|no sign of|after (?:two|three|four|five|six|several|many|all these) (?:e-?mails|mails|messages|calls|weeks)|promised\b.{0,40}\b(?:never|not|nothing|didn't)|since (?:january|february|march|april|may|june|july|august|september|october|november|december)|yet again|once more|enough is enough)\b/,
    /\b(?:second|third|fourth|fifth|sixth|umpteenth|2nd|3rd|4th|5th|last|final) (?:time|message|mail|e-?mail|attempt|request|letter|warning|replacement)\b/,
    /\b(?:twice|three times|four times|several times|many times|multiple times|repeatedly|again and again|over and over|time and again|time after time)\b/,
    /\b(?:nobody|no one|none of you|never)\b.{0,25}\b(?:answer\w*|repl\w+|respon\w+|got back|gets back|get back|reacted|helped|help|listen\w*|heard)\b|\bignor(?:e|ed|ing)\b(?! (?:all|your|any|the|previous))/,
    /\b(?:already|before|last week|last month|weeks ago|days ago|yesterday)\b.{0,30}\b(?:wrote|written|complain\w*|contacted|asked|told|reported|explained|e-?mailed|raised|promised)\b|\b(?:wrote|written|complain\w*|contacted|asked|told|reported|explained|e-?mailed|raised|promised)\b.{0,40}\b(?:already|before|last week|last month|weeks ago|days ago)\b/,
    /\bcomplain\w*|\bcomplaint|\bfed up\b|\bsick of\b|\bunacceptable\b|\bhow many (?:times|more|mails|messages|e-?mails)\b|\bkeep(?:s)? (?:asking|writing|getting told|being told|telling|chasing)\b|\bstill (?:no|waiting for an?) (?:answer|reply|response|solution|news|word)\b|\brunning in circles\b|\bround in circles\b/,
  ],
  press: [
    /\b(?:column|gazette|article about you|share (?:them|this|it|these) with|screenshots?|whole world|name and shame|expos(?:e|ing) you|broadcast\w*|interview)\b/,
    /\bjournalists?\b|\breporters?\b|\bnewspapers?\b|\bthe press\b|\bmedia\b|\bviral\b|\binfluencer\b|\bfollowers\b|\bmy (?:blog|channel|podcast)\b|\btv\b|\bon air\b/,
    /\b(?:twitter|tiktok|reddit|youtube|instagram|facebook|trustpilot|linkedin)\b|\bpost(?:ing)? (?:this|about|it|everything|screenshots)\b|\bgo(?:ing)? public\b|\bpublicly\b|\b(?:one|1)[- ]star\b|\bbad reviews?\b|\breview (?:you|this) everywhere\b|\beveryone (?:will )?(?:know|hear)/,
  ],
  distress: [
    /\b(?:lost my (?:wife|husband|mother|father|mum|mom|dad|son|daughter|brother|sister|partner|job)|pointless|be over|give up on|depress\w*|breakdown|terminal(?:ly)?|hospice|homeless|cannot deal with)\b/,
    /\bsuicid\w*|\bkill myself\b|\bend my life\b|\bself[- ]harm\w*|\b(?:can'?t|cannot) (?:go on|cope|take (?:it|this) any ?more)\b|\bwant to die\b|\bno (?:reason|point) (?:to|in) liv\w+|\bdesperate\b|\bhopeless\b/,
    /\bpassed away\b|\bdied\b|\bdeath\b|\bdeceased\b|\bfuneral\b|\bwidow\w*|\bbereave\w*|\bmourning\b|\bgrie(?:f|ving)\b|\bmy late (?:husband|wife|mother|father|mum|mom|dad|partner)\b|\bestate of\b|\bno longer with us\b|\bcancer\b/,
  ],
  manipulation: [
    /\b(?:repeat|reveal|print|show) (?:me )?(?:the |your )?(?:text|words|instructions|prompt|lines?)\b|\bnew policy\b|\bfrom (?:hq|headquarters|head office)\b|\bwithout (?:any )?checks?\b|\bto be granted\b|\btest mode\b/,
    /\b(?:ignore|disregard|forget|override|bypass)\b.{0,30}\b(?:instructions?|rules?|polic(?:y|ies)|limits?|prompt|guidelines|above|checks?)\b/,
    /\bsystem (?:prompt|message|override|notice)\b|\byou are now\b|\bdeveloper mode\b|\badmin(?:istrator)? (?:mode|access|override)\b|\bact as\b|\bpretend (?:to be|you)\b|<\/?(?:system|assistant|tool)\b|\bassistant:\s|\bsystem:\s/,
    /\b(?:authori[sz]ed|approved|instructed|cleared) by (?:the |your )?(?:management|manager|ceo|admin|developer|shop|head office)\b|\b(?:as|i am|i'm|this is) (?:the|your) (?:administrator|developer|ceo|engineer)\b/,
  ],
};

/** Unhappiness. It requires a person only if the customer is a VIP. */
export const UNHAPPY =
  /\b(?:disappoint\w*|angry|furious|unhappy|upset|annoy\w*|frustrat\w*|terrible|awful|horrible|worst|ridiculous|disgrace\w*|appall\w*|a joke|shame\w*|let down|poor service|never again|last order|useless|outrag\w*|not (?:happy|impressed|good enough|amused)|expect(?:ed)? (?:better|more)|lost (?:patience|trust|faith)|patience|taking my (?:business|custom)|somewhere else|elsewhere)\b/;

/** A request for money. */
export const WANTS_MONEY =
  /\b(?:refund|reimburse|compensate)d? (?:me|us|it|this|that|the|my|order|for|all|everything|please|immediately|now)\b|\b(?:want|need|like|please|give|issue|request|demand|expect|deserve|get|send|owe\w*|due|claim|process|arrange)\b.{0,40}\b(?:refund\w*|money back|reimburse\w*|paid back|pay(?:ment)? back|compensat\w*|credited)\b|\bmy money\b/;

/** A reason for a refund, such as a broken or lost item. */
export const SAYS_BROKEN =
  /\b(?:broke|broken|breaks|shatter\w*|crack\w*|damaged?|smashed|in pieces|pieces|defect\w*|faulty|dent\w*|torn|chipped|bent|ruined|snapped|does ?n'?o?t work|stopped working|dead on arrival|wrong (?:item|article|colou?r|product|thing|order|size)|not what i ordered|missing|incomplete|half of|empty box|never (?:arrived|came|showed up|turned up)|lost)\b/;
