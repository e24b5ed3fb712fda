import type { IExecuteFunctions } from 'n8n-workflow';
import { type Credentials, type Failure, failureOf, parseCredentials } from '../../../client';

export const CREDENTIAL_NAME = 'bitMindEnterpriseApi';

type Read = { value: Credentials; failure?: undefined } | { value?: undefined; failure: Failure };

/** The credential of the run, checked as far as that can be done without a request. */
export async function readCredentials(context: IExecuteFunctions): Promise<Read> {
	try {
		const form = await context.getCredentials(CREDENTIAL_NAME);
		return { value: parseCredentials(form, Date.now()) };
	} catch (error) {
		// Anything else is n8n's: no credential chosen, not shared, not to be decrypted.
		return { failure: failureOf(error) ?? { kind: 'credential', problem: 'notAvailable' } };
	}
}
