import { Expression } from 'n8n-workflow';
import { createRequire } from 'node:module';

/** What evaluates expressions, as in n8n's setting `N8N_EXPRESSION_ENGINE`. */
export type ExpressionEngine = 'legacy' | 'vm' | 'quickjs';

/** `vm` needs isolated-vm, a native module for Node 24 and later. */
const HAS_VM = loadsNatively('isolated-vm');

export const EXPRESSION_ENGINES: readonly ExpressionEngine[] = HAS_VM
	? ['legacy', 'vm', 'quickjs']
	: ['legacy', 'quickjs'];

/** n8n's own default. On older versions of Node, the engine that reads n8n's data by the same code. */
export const DEFAULT_EXPRESSION_ENGINE: ExpressionEngine = HAS_VM ? 'vm' : 'quickjs';

/** Starts the engine as n8n does. There is one per process. */
export async function startExpressionEngine(engine: ExpressionEngine): Promise<void> {
	Expression.setExpressionEngine(engine);
	await Expression.initExpressionEngine({
		engine,
		bridgeTimeout: 5_000,
		bridgeMemoryLimit: 128,
		poolSize: 1,
		maxCodeCacheSize: 1_024,
		// Most workflows here have no expressions, and an engine takes a tenth of a second to start.
		lazyAcquire: true,
	});
	const active = Expression.getActiveImplementation();
	if (active !== engine) throw new Error(`Expressions are evaluated by ${active}, not ${engine}`);
}

export async function stopExpressionEngine(): Promise<void> {
	await Expression.disposeExpressionEngine();
	Expression.setExpressionEngine('legacy');
}

function loadsNatively(module: string): boolean {
	try {
		createRequire(__filename)(module);
		return true;
	} catch {
		return false;
	}
}
