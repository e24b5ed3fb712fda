import { z } from 'zod';
import { parseBaseUrl, type BaseUrlProblem } from '../http/baseUrl';
import { readCa, readIdentityCertificate, type CertificateProblem } from './certificates';
import { ClientError } from '../model/failures';
import type { TlsIdentity } from '../http/transport';

/** What a person fills into a form; fields that a way of authentication doesn't use are ignored. */
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

/** How the client says who it is. */
export type Identity =
	| { kind: 'apiKey'; apiKey: string }
	/** Without a secret the certificate stands for it (RFC 8705). */
	| { kind: 'oAuth2'; clientId: string; clientSecret: string | undefined };

/** A credential, checked and ready for use. */
export interface Credentials {
	/** Without a slash at its end. */
	baseUrl: string;
	identity: Identity;
	/** Value of `X-Client-Cert`: base64 of the certificate's PEM text. */
	clientCertificate: string | undefined;
	tls: TlsIdentity;
	/** Texts that must appear in no message, whoever wrote it. */
	secrets: readonly string[];
}

/** Why a form can't be used as it is. */
export type CredentialProblem =
	| 'apiKeyMissing'
	| 'clientIdMissing'
	| 'clientSecretMissing'
	| 'apiKeyUnusable'
	| `baseUrl.${BaseUrlProblem}`
	| CertificateProblem;

/**
 * Checks everything about a credential that can be known without a request.
 *
 * @param now milliseconds since 1970, for the certificate's validity
 * @throws ClientError of the kind 'credential', with a CredentialProblem as its detail
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
			// In place of a secret it proves who the client is.
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

/** People paste the whole header, too. */
function withoutScheme(apiKey: string): string {
	return apiKey.replace(/^Bearer\s+/i, '');
}

export function credentialProblem(problem: CredentialProblem): ClientError {
	return new ClientError({ kind: 'credential', detail: problem });
}
