import { z } from 'zod';
import { ignored, resourceType } from './resource.ts';

/** An address or domain to send from. Nothing has to be verified here. */
export const emailIdentity = resourceType(
  'AWS::SES::EmailIdentity',
  z.strictObject({
    EmailIdentity: z.string(),
    /** Nothing is signed, and bounces have no way back. */
    DkimAttributes: ignored,
    DkimSigningAttributes: ignored,
    FeedbackAttributes: ignored,
    MailFromAttributes: ignored,
    ConfigurationSetAttributes: ignored,
    Tags: ignored,
  }),
  async ({ EmailIdentity }, context) => {
    await context.call('ses', 'CreateEmailIdentity', { EmailIdentity });
    const attributes: Record<string, string> = {};
    for (const number of [1, 2, 3]) {
      attributes[`DkimDNSTokenName${number}`] = `local${number}._domainkey.${EmailIdentity}`;
      attributes[`DkimDNSTokenValue${number}`] = `local${number}.dkim.amazonses.com`;
    }
    return { ref: EmailIdentity, attributes };
  },
  async (EmailIdentity, context) => {
    await context.call('ses', 'DeleteEmailIdentity', { EmailIdentity });
  },
);

export const configurationSet = resourceType(
  'AWS::SES::ConfigurationSet',
  z.strictObject({
    Name: z.string().optional(),
    DeliveryOptions: ignored,
    ReputationOptions: ignored,
    SendingOptions: ignored,
    SuppressionOptions: ignored,
    TrackingOptions: z.undefined().optional(),
    VdmOptions: ignored,
    Tags: ignored,
  }),
  async ({ Name }, context) => {
    const ConfigurationSetName = Name ?? context.physicalName(64);
    await context.call('ses', 'CreateConfigurationSet', { ConfigurationSetName });
    return { ref: ConfigurationSetName, attributes: {} };
  },
);
