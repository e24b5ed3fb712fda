import type { ICredentialDataDecryptedObject } from 'n8n-workflow';
import {
	accountOf,
	failureOf,
	parseCredentials,
	type Credentials,
	type Failure,
} from '../../../client';
import type { ItemPlan } from '../input/itemPlans';
import type { Execution } from '../settings/execution';
import type { InputProblem } from '../settings/inputProblem';
import { DIFFERS_BY_ITEM } from './differsByItem';

const CREDENTIAL_NAME = 'bitMindEnterpriseApi';

/** The credential that an item's files are sent with, or why it can't be used. */
export type Access =
	| {
			credentials: Credentials;
			/** Identifies the account, if one stored credential gives different accounts to items. */
			account: string | undefined;
			failure?: undefined;
	  }
	| { credentials?: undefined; failure: Failure };

/** The plans of all items, and the credentials for their files. */
export interface Accessible {
	/** An item has a problem if n8n didn't provide its credential. */
	plans: readonly ItemPlan[];
	/** By item index. Items with the same credential share the same object. */
	accesses: ReadonlyMap<number, Access>;
}

/**
 * Reads the credential of each item that has a file, and checks it as far as that is possible without
 * a request. The credential may contain expressions that refer to the item. n8n decrypts it on each
 * read, so it is read only once if it is the same for all items.
 */
export async function readCredentials(
	execution: Execution,
	plans: readonly ItemPlan[],
): Promise<Accessible> {
	const accesses = new Map<number, Access>();
	const byContent = new Map<string, Access>();
	const settled: ItemPlan[] = [];
	let given: Given | undefined;
	for (const [index, plan] of plans.entries()) {
		settled.push(plan);
		if (plan.files.length === 0) continue;
		execution.signal?.throwIfAborted();
		if (!given?.isForAll) given = await requestCredential(execution, index);
		if (given.problem) {
			settled[index] = { ...plan, files: [], problem: given.problem };
			continue;
		}
		const content = JSON.stringify(given.form);
		const access = byContent.get(content) ?? accessOf(given);
		byContent.set(content, access);
		accesses.set(index, access);
	}
	return { plans: settled, accesses };
}

/** What n8n provided for an item: the credential's fields, or none. */
type Given = { isForAll: boolean } & (
	| { form: ICredentialDataDecryptedObject; problem?: undefined }
	| { form?: undefined; problem: InputProblem }
);

/** n8n's message ends with this if an expression in a credential can't be evaluated. */
const EXPRESSION_FAILED = '[Error resolving credentials]';

async function requestCredential({ context, node }: Execution, index: number): Promise<Given> {
	if (!node.credentials?.[CREDENTIAL_NAME]) {
		return { isForAll: true, problem: { kind: 'noCredential' } };
	}
	try {
		const form = await context.getCredentials(CREDENTIAL_NAME, index);
		return { isForAll: form[DIFFERS_BY_ITEM] === false, form };
	} catch (error) {
		// For example, it is not shared with the workflow or can't be decrypted.
		const reason = error instanceof Error ? error.message : String(error);
		const isForAll = !reason.includes(EXPRESSION_FAILED);
		return { isForAll, problem: { kind: 'credentialUnavailable', reason } };
	}
}

function accessOf({ form, isForAll }: { form: object; isForAll: boolean }): Access {
	try {
		const credentials = parseCredentials(form, Date.now());
		return { credentials, account: isForAll ? undefined : accountOf(credentials) };
	} catch (error) {
		return { failure: failureIn(error) };
	}
}

function failureIn(error: unknown): Failure {
	const failure = failureOf(error);
	if (!failure) throw error;
	return failure;
}
