import { Expression } from 'n8n-workflow';
import { createRequire } from 'node:module';

/** What evaluates expressions: n8n's setting `N8N_EXPRESSION_ENGINE`. */
export type ExpressionEngine = 'legacy' | 'vm' | 'quickjs';

/** `vm` stands on isolated-vm, a native module that loads from Node 24 on. */
const HAS_VM = loadsNatively('isolated-vm');

export const EXPRESSION_ENGINES: readonly ExpressionEngine[] = HAS_VM
	? ['legacy', 'vm', 'quickjs']
	: ['legacy', 'quickjs'];

/** n8n's own default; on older Nodes the one that reaches n8n's data by the same code. */
export const DEFAULT_EXPRESSION_ENGINE: ExpressionEngine = HAS_VM ? 'vm' : 'quickjs';

/** As n8n does when it starts. The engine is one for the whole process. */
export async function startExpressionEngine(engine: ExpressionEngine): Promise<void> {
	Expression.setExpressionEngine(engine);
	await Expression.initExpressionEngine({
		engine,
		bridgeTimeout: 5_000,
		bridgeMemoryLimit: 128,
		poolSize: 1,
		maxCodeCacheSize: 1_024,
		// Most workflows here hold no expression, and each engine takes a tenth of a second to start.
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
