import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { RestApi } from 'aws-cdk-lib/aws-apigateway';
import {
  AllowedMethods,
  CachePolicy,
  Distribution,
  Function as CloudFrontFunction,
  FunctionCode,
  FunctionEventType,
  FunctionRuntime,
  HeadersFrameOption,
  HeadersReferrerPolicy,
  HttpVersion,
  OriginRequestPolicy,
  PriceClass,
  ResponseHeadersPolicy,
  S3OriginAccessControl,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import type { AddBehaviorOptions } from 'aws-cdk-lib/aws-cloudfront';
import { HttpOrigin, S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { contentSecurityPolicy, securityHeaders } from '#core/console/security-headers.ts';
import { explain } from '../explain.ts';
import { FleetStack } from '../fleet-stack.ts';
import { CONSOLE_PATHS } from './console-paths.ts';

export interface ConsoleSiteProps {
  readonly api: RestApi;
  /** Further origins that the page may call: where its people sign in. */
  readonly connect: readonly string[];
}

/** A private bucket with the console's files, and the distribution that serves them and the task API on one origin. */
export class ConsoleSite extends Construct {
  /** The bucket with its files. */
  readonly files: IBucket;
  readonly distribution: Distribution;

  constructor(scope: Construct, id: string, { api, connect }: ConsoleSiteProps) {
    super(scope, id);
    this.files = this.#makeBucket();
    const shared = this.#makeShared(connect);
    this.distribution = new Distribution(this, 'Distribution', {
      comment: `Console of ${FleetStack.of(this).stackName}`,
      httpVersion: HttpVersion.HTTP2_AND_3,
      priceClass: PriceClass.PRICE_CLASS_100,
      defaultBehavior: {
        ...shared,
        origin: this.#fromFiles(),
        cachePolicy: CachePolicy.CACHING_OPTIMIZED,
        compress: true,
      },
      additionalBehaviors: { '/api/*': { ...shared, ...apiBehavior(api) } },
    });
    explain(this.distribution, {
      CFR1: 'Who may use it is decided by its sign-in, wherever they are.',
      CFR2: 'A web ACL belongs to the account. Associate yours with the distribution.',
      CFR3: 'Its files are public, and the functions of the task API log every request to it.',
      CFR4: 'CloudFront’s own certificate allows TLS 1.0. Use a domain of yours with a certificate to raise it.',
    });
  }

  /** It holds nothing that a deploy would not put there again. */
  #makeBucket(): IBucket {
    const bucket = new Bucket(this, 'Files', {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      encryption: BucketEncryption.S3_MANAGED,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    explain(bucket, { S1: 'Only the distribution reads it, and everything in it is public.' });
    return bucket as IBucket;
  }

  #fromFiles() {
    return S3BucketOrigin.withOriginAccessControl(this.files, {
      originAccessControl: new S3OriginAccessControl(this, 'Access', { originAccessControlName: this.#name }),
    });
  }

  /** CloudFront has one name space for all regions. */
  get #name(): string {
    const { stackName, region } = FleetStack.of(this);
    return `${stackName}-${region}`;
  }

  /** What the page and the API have in common. */
  #makeShared(connect: readonly string[]) {
    const paths = new CloudFrontFunction(this, 'Paths', {
      code: FunctionCode.fromInline(CONSOLE_PATHS),
      runtime: FunctionRuntime.JS_2_0,
      comment: 'Leads requests of the console to its files and to the task API',
    });
    return {
      viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
      responseHeadersPolicy: this.#makeHeaders(connect),
      functionAssociations: [{ function: paths, eventType: FunctionEventType.VIEWER_REQUEST }],
    };
  }

  /** The same headers as on one machine, and TLS for every later request. */
  #makeHeaders(connect: readonly string[]): ResponseHeadersPolicy {
    const own = new Set(['cross-origin-opener-policy', 'cross-origin-resource-policy', 'permissions-policy']);
    const headers = Object.entries(securityHeaders(connect)).filter(([name]) => own.has(name));
    return new ResponseHeadersPolicy(this, 'Headers', {
      responseHeadersPolicyName: this.#name,
      securityHeadersBehavior: {
        contentSecurityPolicy: { contentSecurityPolicy: contentSecurityPolicy(connect), override: true },
        contentTypeOptions: { override: true },
        frameOptions: { frameOption: HeadersFrameOption.DENY, override: true },
        referrerPolicy: { referrerPolicy: HeadersReferrerPolicy.NO_REFERRER, override: true },
        strictTransportSecurity: { accessControlMaxAge: Duration.days(365), includeSubdomains: true, override: true },
      },
      customHeadersBehavior: { customHeaders: headers.map(([header, value]) => ({ header, value, override: true })) },
    });
  }
}

/** Every request reaches the API, with its key. */
function apiBehavior({ restApiId, deploymentStage: { stageName }, env: { region } }: RestApi) {
  return {
    origin: new HttpOrigin(`${restApiId}.execute-api.${region}.amazonaws.com`, { originPath: `/${stageName}` }),
    allowedMethods: AllowedMethods.ALLOW_ALL,
    // A redirect would come after the key was sent in the clear.
    viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
    cachePolicy: CachePolicy.CACHING_DISABLED,
    originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
  } satisfies AddBehaviorOptions & { readonly origin: HttpOrigin };
}
