import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { aCertificate } from './certificate.ts';

/** The part of samlify that is used; its own types bring the DOM's into every file of the project. */
interface Samlify {
  IdentityProvider(settings: object): {
    getMetadata(): string;
    parseLoginRequest(
      service: object,
      binding: 'redirect',
      request: { readonly query: object },
    ): Promise<{ readonly extract: { readonly request: { readonly id: string } } }>;
    createLoginResponse(
      service: object,
      request: object,
      binding: 'post',
      user: object,
      options: { customTagReplacement(xml: string): { readonly id: string; readonly context: string } },
    ): Promise<{ readonly context: string }>;
  };
  ServiceProvider(settings: object): object;
  readonly SamlLib: { replaceTagsByValue(xml: string, values: Readonly<Record<string, string>>): string };
  readonly Constants: {
    readonly namespace: { readonly binding: { readonly post: string; readonly redirect: string } };
  };
  setSchemaValidator(validator: { validate(xml: string): Promise<string> }): void;
}

const require = createRequire(import.meta.url);
const { Constants, IdentityProvider, SamlLib, ServiceProvider, setSchemaValidator } =
  require('samlify') as Samlify;
const { namespace } = Constants;
setSchemaValidator({ validate: async () => 'not checked: the other side is under test' });

/** What the provider says instead of the truth. */
export interface SamlForgery {
  readonly audience?: string;
  readonly inResponseTo?: string;
  readonly recipient?: string;
  readonly issuer?: string;
  readonly foreignKey?: boolean;
  /** Changes the finished, signed response. */
  readonly edit?: (xml: string) => string;
  readonly notOnOrAfter?: Date;
}

export interface SamlPerson {
  readonly nameId: string;
  readonly attributes: Readonly<Record<string, string>>;
}

export type TestSamlProvider = Awaited<ReturnType<typeof openSamlProvider>>;

/** samlify as a provider on loopback that signs its person in without asking. */
export async function openSamlProvider(audience: string, callback: string) {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (!address || typeof address === 'string') throw new Error('no port');
  const origin = `http://localhost:${address.port}`;
  const [own, foreign] = [aCertificate('provider'), aCertificate('somebody else')];
  const state = {
    person: { nameId: 'Grace-1906', attributes: {} } as SamlPerson,
    forgery: {} as SamlForgery,
    /** Entity id of the pool, which may be known later than the provider's address. */
    audience,
    /** Posts that were made, newest last. */
    posts: [] as { readonly SAMLResponse: string; readonly RelayState: string }[],
  };
  const service = ServiceProvider({
    entityID: audience,
    assertionConsumerService: [{ Binding: namespace.binding.post, Location: callback }],
  });
  const provider = (key: typeof own) =>
    IdentityProvider({
      entityID: origin,
      privateKey: key.privateKeyPem,
      signingCert: key.certificatePem,
      isAssertionEncrypted: false,
      singleLogoutService: [{ Binding: namespace.binding.redirect, Location: `${origin}/slo` }],
      singleSignOnService: [{ Binding: namespace.binding.redirect, Location: `${origin}/sso` }],
      loginResponseTemplate: { context: template(state.person), attributes: [] },
    });
  server.on('request', async (request, response) => {
    const url = new URL(request.url ?? '/', origin);
    if (url.pathname === '/metadata') {
      return response
        .writeHead(200, { 'content-type': 'application/samlmetadata+xml' })
        .end(provider(own).getMetadata());
    }
    const { forgery } = state;
    const issuing = provider(forgery.foreignKey ? foreign : own);
    const { extract } = await issuing.parseLoginRequest(service, 'redirect', {
      query: Object.fromEntries(url.searchParams),
    });
    const { id } = extract.request;
    const { context } = await issuing.createLoginResponse(
      service,
      { extract: { request: { id } } },
      'post',
      {},
      {
        customTagReplacement: (xml: string) => ({
          id: `_${randomUUID()}`,
          context: SamlLib.replaceTagsByValue(
            xml,
            values(id, { origin, audience: state.audience, callback }, forgery),
          ),
        }),
      },
    );
    const xml = Buffer.from(context, 'base64').toString('utf8');
    const SAMLResponse = Buffer.from(forgery.edit?.(xml) ?? xml).toString('base64');
    const post = { SAMLResponse, RelayState: url.searchParams.get('RelayState') ?? '' };
    state.posts.push(post);
    return response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(post));
  });
  return Object.assign(state, {
    metadataUrl: `${origin}/metadata`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  });
}

function values(
  requestId: string,
  at: { origin: string; audience: string; callback: string },
  forgery: SamlForgery,
): Record<string, string> {
  const now = Date.now();
  return {
    ResponseId: `_${randomUUID()}`,
    AssertionId: `_${randomUUID()}`,
    Now: new Date(now).toISOString(),
    Until: (forgery.notOnOrAfter ?? new Date(now + 300_000)).toISOString(),
    Since: new Date(now - 60_000).toISOString(),
    ProviderEntity: forgery.issuer ?? at.origin,
    PoolAudience: forgery.audience ?? at.audience,
    Callback: forgery.recipient ?? at.callback,
    RequestId: requestId,
    AnsweredId: forgery.inResponseTo ?? requestId,
  };
}

const template = ({ nameId, attributes }: SamlPerson): string =>
  `<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="{ResponseId}" Version="2.0" IssueInstant="{Now}" Destination="{Callback}" InResponseTo="{RequestId}"><saml:Issuer>{ProviderEntity}</saml:Issuer><samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status><saml:Assertion ID="{AssertionId}" Version="2.0" IssueInstant="{Now}"><saml:Issuer>{ProviderEntity}</saml:Issuer><saml:Subject><saml:NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent">${nameId}</saml:NameID><saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData NotOnOrAfter="{Until}" Recipient="{Callback}" InResponseTo="{AnsweredId}"/></saml:SubjectConfirmation></saml:Subject><saml:Conditions NotBefore="{Since}" NotOnOrAfter="{Until}"><saml:AudienceRestriction><saml:Audience>{PoolAudience}</saml:Audience></saml:AudienceRestriction></saml:Conditions><saml:AttributeStatement>${Object.entries(
    attributes,
  )
    .map(
      ([name, value]) =>
        `<saml:Attribute Name="${name}"><saml:AttributeValue>${value}</saml:AttributeValue></saml:Attribute>`,
    )
    .join('')}</saml:AttributeStatement></saml:Assertion></samlp:Response>`;
