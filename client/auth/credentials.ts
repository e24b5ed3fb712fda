import { createHash } from 'node:crypto';
import { z } from 'zod';
import { parseBaseUrl } from '../http/baseUrl';
import { readCa, readIdentityCertificate } from './certificates';
import type { CredentialProblem } from '../model/credentialProblem';
import { ClientError } from '../model/failures';
import type { TlsIdentity } from '../http/transport';

/** The credential's form. Fields that the chosen authentication doesn't use are ignored. */
const formSchema = z.object({
	authentication: z.enum(['apiKey', 'oAuth2', 'oAuth2Mtls']).catch('apiKey'),
	apiKey: field(),
	clientId: field(),
	clientSecret: field(),
	useClientCertificate: z.boolean().catch(false),
	clientCertificate: field(),
	clientKey: field(),
	passphrase: z.string().catch(''),
	caCertificate: field(),
	baseUrl: field(),
});

type Form = z.infer<typeof formSchema>;

function field() {
	return z
		.string()
		.catch('')
		.transform((text) => text.trim());
}

/** How the client identifies itself. */
export type Identity =
	| { kind: 'apiKey'; apiKey: string }
	/** Without a secret, the certificate takes its place (RFC 8705). */
	| { kind: 'oAuth2'; clientId: string; clientSecret: string | undefined };

/** A credential, checked and ready for use. */
export interface Credentials {
	/** Without a trailing slash. */
	baseUrl: string;
	identity: Identity;
	/** Value of the `X-Client-Cert` header: the certificate's PEM text in base64. */
	clientCertificate: string | undefined;
	tls: TlsIdentity;
	/** Texts that must not appear in any message. */
	secrets: readonly string[];
}

/** Tells accounts apart, without giving away the key. */
export function accountOf({ identity }: Credentials): string {
	const name = identity.kind === 'apiKey' ? identity.apiKey : identity.clientId;
	return createHash('sha256').update(name).digest('base64url').slice(0, 16);
}

/**
 * Checks a credential as far as that is possible without a request.
 *
 * @param now milliseconds since 1970, for the certificate's validity
 * @throws ClientError of the kind 'credential' that says what is wrong
 */
export function parseCredentials(input: unknown, now: number): Credentials {
	const form = formSchema.parse(input ?? {});
	const base = parseBaseUrl(form.baseUrl);
	if (base.problem) throw credentialProblem(`baseUrl.${base.problem}`);

	const identity = readIdentity(form);
	const usesCertificate = form.authentication === 'oAuth2Mtls' || form.useClientCertificate;
	const certificate = usesCertificate ? readIdentityCertificate(form, now) : undefined;
	const header = certificate && Buffer.from(certificate.pem).toString('base64');
	const ca = readCa(form.caCertificate);
	return {
		baseUrl: base.url,
		identity,
		clientCertificate: header,
		tls: { ...certificate?.tls, ...(ca && { ca }) },
		secrets: [
			withoutScheme(form.apiKey),
			form.clientSecret,
			form.passphrase,
			form.clientKey,
			// The certificate can take the place of a secret.
			header ?? '',
		].filter(Boolean),
	};
}

function readIdentity(form: Form): Identity {
	if (form.authentication === 'apiKey') {
		if (!form.apiKey) throw credentialProblem('apiKeyMissing');
		const apiKey = withoutScheme(form.apiKey);
		if (!/^[\x21-\x7e]+$/.test(apiKey)) throw credentialProblem('apiKeyUnusable');
		return { kind: 'apiKey', apiKey };
	}
	if (!form.clientId) throw credentialProblem('clientIdMissing');
	const needsSecret = form.authentication === 'oAuth2';
	if (needsSecret && !form.clientSecret) throw credentialProblem('clientSecretMissing');
	return {
		kind: 'oAuth2',
		clientId: form.clientId,
		clientSecret: needsSecret ? form.clientSecret : undefined,
	};
}

/** Some people paste the whole header. */
function withoutScheme(apiKey: string): string {
	return apiKey.replace(/^Bearer\s+/i, '');
}

function credentialProblem(problem: CredentialProblem): ClientError {
	return new ClientError({ kind: 'credential', problem });
}
