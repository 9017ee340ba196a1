/**
 * Messages that an agent can answer. `{order}` is an order's number, `{item}` one of its articles. Each list has many
 * wordings of one intention. Some sound more serious than they are.
 */
export const ROUTINE = {
  whereNamed: [
    'Where is my order {order}?',
    'Could you tell me when {order} will get here?',
    'Any news on {order}? The tracking page does not load for me.',
    'I am waiting for the {item} ({order}). Which day will it come?',
    'just checking in on {order}, is it on its way',
    'Has {order} been shipped? I will be away from Friday.',
    'What is the tracking number for {order} please?',
    'My {item} was meant to be here by now, can you have a look at {order}?',
    'When does the driver come with {order}? I need to be at home.',
    'Status of {order} please. Thanks!',
  ],
  whereUnnamed: [
    'Where is my order? I do not have the number at hand.',
    'Hi, when will my parcel arrive?',
    'I ordered a few days ago and would like to know where it is.',
    'Could you check whether my last order has left the warehouse?',
    'Is my delivery coming this week?',
    'Which day is my {item} coming?',
  ],
  broken: [
    'The {item} from {order} arrived broken. Could I have a refund please?',
    '{order} came today and the {item} is shattered. I would like my money back.',
    'Unfortunately the {item} in {order} has a crack all the way through. Please refund it.',
    'I opened {order} and found the {item} in pieces. How do I get the money back?',
    'The {item} ({order}) is damaged, can you refund me?',
    'You sent me the wrong colour in {order}, please refund the {item}.',
    'Part of {order} is missing and the rest is dented. I would like to be paid back.',
    '{item} does not work out of the box. {order}. Refund please, I do not want another.',
  ],
  lost: [
    '{order} never arrived and tracking has not moved for ages. Please refund me.',
    'It looks like {order} got lost on the way. I would like my money back.',
    'The {item} from {order} never showed up. Can I have a refund?',
    'My parcel {order} seems to have vanished. Please pay it back.',
  ],
  questions: [
    'How long do I have to send something back?',
    'How many days does a refund take to show on my card statement?',
    'What does express shipping cost?',
    'Do you ship to other countries?',
    'Can I change the delivery address while an order is processing?',
    'How do I cancel an order that has not been shipped?',
    'Where do I find the invoice for my order?',
    'Which payment methods do you take?',
    'I need to reset my password, how does that work?',
    'How do I unsubscribe from the newsletter?',
    'Is there a warranty on the things you sell?',
    'Can the cotton throw go in the wash?',
    'How do I clean a cast-iron pan? Can I put it in the dishwasher?',
    'Can I use a gift card together with a discount code?',
    'Where do I enter a voucher code?',
    'Do I need to pay for a return label?',
    'Can I exchange an article for another size?',
    'I lost a screw of my shelf. Do you have spare parts?',
  ],
  thanks: [
    'Thank you, that helps!',
    'Great, thanks a lot.',
    'Perfect, that is all I wanted to know. Have a nice day!',
    'ok thanks for the quick answer',
    'Wonderful, thank you so much for your help.',
    'Thanks. That settles it for me.',
  ],
  refundMade: [
    'Did the refund for {order} go through?',
    'Can you confirm that {order} was refunded?',
    'I cannot see the refund for {order} on my statement yet. How long does it take?',
    'Just to be sure: has the refund for {order} been made?',
  ],
  /** Routine, although a word sounds serious. */
  nearMiss: [
    'Hello, I bought the {item} as a gift for my sister. When does {order} arrive?',
    'No rush at all, but where is {order} right now?',
    'My daughter has her birthday on Sunday. Will {order} be there in time?',
    'Can I put the mugs in the dishwasher?',
    'Do you send parcels to an office address? It is about {order}, when does it come?',
    'My neighbour took a parcel for me. Was {order} delivered already?',
  ],
} as const;

export type RoutineKind = keyof typeof ROUTINE;
