
using namespace System.Management.Automation
using namespace System.Management.Automation.Language

Register-ArgumentCompleter -Native -CommandName 'aimctl' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $commandElements = $commandAst.CommandElements
    $command = @(
        'aimctl'
        for ($i = 1; $i -lt $commandElements.Count; $i++) {
            $element = $commandElements[$i]
            if ($element -isnot [StringConstantExpressionAst] -or
                $element.StringConstantType -ne [StringConstantType]::BareWord -or
                $element.Value.StartsWith('-') -or
                $element.Value -eq $wordToComplete) {
                break
        }
        $element.Value
    }) -join ';'

    $completions = @(switch ($command) {
        'aimctl' {
            [CompletionResult]::new('--threads', '--threads', [CompletionResultType]::ParameterName, 'Work with N threads [default: one for each core]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the output')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--directory', '--directory', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this configuration instead of the nearest aimctl.toml')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more; twice: still more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more; twice: still more')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but errors on standard error')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but errors on standard error')
            [CompletionResult]::new('--no-config', '--no-config', [CompletionResultType]::ParameterName, 'Read no configuration')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('render', 'render', [CompletionResultType]::ParameterValue, 'Print the manifests that the controllers would make of each AIMService')
            [CompletionResult]::new('validate', 'validate', [CompletionResultType]::ParameterValue, 'Check documents: what would be refused, and what would be accepted and then fail')
            [CompletionResult]::new('diff', 'diff', [CompletionResultType]::ParameterValue, 'Show what a change does in the cluster: which objects differ, which pods roll, what is refused, what goes')
            [CompletionResult]::new('why', 'why', [CompletionResultType]::ParameterValue, 'Tell why something is as it is: the decisions behind a service, or where one field came from')
            [CompletionResult]::new('simulate', 'simulate', [CompletionResultType]::ParameterValue, 'Play a service''s autoscaling under a load: how many replicas, when, and what is wrong with it')
            [CompletionResult]::new('explain', 'explain', [CompletionResultType]::ParameterValue, 'Explain a rule (D301, autoscaling-without-metric) or a field (aimservice.spec.autoScaling)')
            [CompletionResult]::new('graph', 'graph', [CompletionResultType]::ParameterValue, 'Draw the chain: what a service leads to, who makes it, with findings marked')
            [CompletionResult]::new('catalog', 'catalog', [CompletionResultType]::ParameterValue, 'Show the built-in catalog of AIM images: models, GPUs, profiles')
            [CompletionResult]::new('schema', 'schema', [CompletionResultType]::ParameterValue, 'Print a JSON Schema (2020-12): of a kind, of a report, of aimctl.toml; without argument, what there is')
            [CompletionResult]::new('krm', 'krm', [CompletionResultType]::ParameterValue, 'Work as a KRM function, for kustomize and kpt: a ResourceList from standard input to standard output')
            [CompletionResult]::new('lsp', 'lsp', [CompletionResultType]::ParameterValue, 'Serve an editor: a language server (LSP 3.17) on standard input and output')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print the completion script of a shell')
            [CompletionResult]::new('man', 'man', [CompletionResultType]::ParameterValue, 'Print a manual page (roff)')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'aimctl;render' {
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'The same as PATH, as kubectl has it')
            [CompletionResult]::new('--filename', '--filename', [CompletionResultType]::ParameterName, 'The same as PATH, as kubectl has it')
            [CompletionResult]::new('--stdin-filename', '--stdin-filename', [CompletionResultType]::ParameterName, 'What to call standard input in messages')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Namespace of documents that name none [default: default]')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Namespace of documents that name none [default: default]')
            [CompletionResult]::new('--facts', '--facts', [CompletionResultType]::ParameterName, 'Documents that are facts only: nodes, models, a dump of live objects')
            [CompletionResult]::new('--gpu', '--gpu', [CompletionResultType]::ParameterName, 'The cluster has GPUs of this model (MI300X, MI300X:192G)')
            [CompletionResult]::new('--cluster', '--cluster', [CompletionResultType]::ParameterName, 'Which controllers run where the output is applied [default: kserve]')
            [CompletionResult]::new('--stack', '--stack', [CompletionResultType]::ParameterName, 'The set of versions to reproduce; --version prints the default one')
            [CompletionResult]::new('--no-catalog', '--no-catalog', [CompletionResultType]::ParameterName, 'Do not use the built-in catalog of images')
            [CompletionResult]::new('--add-on-policy', '--add-on-policy', [CompletionResultType]::ParameterName, 'The OTel add-on is installed with its chart''s own admission policy')
            [CompletionResult]::new('--allow-empty', '--allow-empty', [CompletionResultType]::ParameterName, 'Input without any AIMService is fine')
            [CompletionResult]::new('--expected', '--expected', [CompletionResultType]::ParameterName, 'How to print objects that controllers in the cluster will make')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Output format')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Output format')
            [CompletionResult]::new('--output-dir', '--output-dir', [CompletionResultType]::ParameterName, 'Write one file an object below DIR, with a kustomization.yaml')
            [CompletionResult]::new('--only', '--only', [CompletionResultType]::ParameterName, 'Only objects of this kind, or this one object')
            [CompletionResult]::new('--stage', '--stage', [CompletionResultType]::ParameterName, 'Only objects of this stage of the chain')
            [CompletionResult]::new('--service', '--service', [CompletionResultType]::ParameterName, 'Only what this AIMService leads to')
            [CompletionResult]::new('--threads', '--threads', [CompletionResultType]::ParameterName, 'Work with N threads [default: one for each core]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the output')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--directory', '--directory', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this configuration instead of the nearest aimctl.toml')
            [CompletionResult]::new('--prune', '--prune', [CompletionResultType]::ParameterName, 'Delete files below the output directory that an earlier run wrote and this one does not')
            [CompletionResult]::new('--provenance', '--provenance', [CompletionResultType]::ParameterName, 'Say in a comment what each object was made from')
            [CompletionResult]::new('--status', '--status', [CompletionResultType]::ParameterName, 'Print the status that each AIMService would end with, instead of manifests')
            [CompletionResult]::new('--keep-going', '--keep-going', [CompletionResultType]::ParameterName, 'Print everything that would exist all the same, half-built services included (exit code 1)')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more; twice: still more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more; twice: still more')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but errors on standard error')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but errors on standard error')
            [CompletionResult]::new('--no-config', '--no-config', [CompletionResultType]::ParameterName, 'Read no configuration')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'aimctl;validate' {
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'The same as PATH, as kubectl has it')
            [CompletionResult]::new('--filename', '--filename', [CompletionResultType]::ParameterName, 'The same as PATH, as kubectl has it')
            [CompletionResult]::new('--stdin-filename', '--stdin-filename', [CompletionResultType]::ParameterName, 'What to call standard input in messages')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Namespace of documents that name none [default: default]')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Namespace of documents that name none [default: default]')
            [CompletionResult]::new('--facts', '--facts', [CompletionResultType]::ParameterName, 'Documents that are facts only: nodes, models, a dump of live objects')
            [CompletionResult]::new('--gpu', '--gpu', [CompletionResultType]::ParameterName, 'The cluster has GPUs of this model (MI300X, MI300X:192G)')
            [CompletionResult]::new('--cluster', '--cluster', [CompletionResultType]::ParameterName, 'Which controllers run where the output is applied [default: kserve]')
            [CompletionResult]::new('--stack', '--stack', [CompletionResultType]::ParameterName, 'The set of versions to reproduce; --version prints the default one')
            [CompletionResult]::new('--no-catalog', '--no-catalog', [CompletionResultType]::ParameterName, 'Do not use the built-in catalog of images')
            [CompletionResult]::new('--add-on-policy', '--add-on-policy', [CompletionResultType]::ParameterName, 'The OTel add-on is installed with its chart''s own admission policy')
            [CompletionResult]::new('--allow-empty', '--allow-empty', [CompletionResultType]::ParameterName, 'Input without any AIMService is fine')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Form of the report: text, concise, json, ndjson, github, gitlab, junit or sarif; FORMAT=FILE writes it into a file; may repeat [default: text, in GitHub Actions github]')
            [CompletionResult]::new('--deny', '--deny', [CompletionResultType]::ParameterName, 'Report a rule as error: its code, the beginning of codes, or its name; `warnings` means every warning')
            [CompletionResult]::new('--warn', '--warn', [CompletionResultType]::ParameterName, 'Report a rule as warning')
            [CompletionResult]::new('--allow', '--allow', [CompletionResultType]::ParameterName, 'Do not report a rule')
            [CompletionResult]::new('--against', '--against', [CompletionResultType]::ParameterName, 'Check the change from an older version, too: a git revision, or a path')
            [CompletionResult]::new('--threads', '--threads', [CompletionResultType]::ParameterName, 'Work with N threads [default: one for each core]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the output')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--directory', '--directory', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this configuration instead of the nearest aimctl.toml')
            [CompletionResult]::new('--exit-zero', '--exit-zero', [CompletionResultType]::ParameterName, 'Exit with 0 even when there are errors')
            [CompletionResult]::new('--fix', '--fix', [CompletionResultType]::ParameterName, 'Mend what has one certain fix, in the files')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show what --fix would change, and change nothing')
            [CompletionResult]::new('--show-secrets', '--show-secrets', [CompletionResultType]::ParameterName, 'Show the values of secrets, too, in what --fix --dry-run shows')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more; twice: still more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more; twice: still more')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but errors on standard error')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but errors on standard error')
            [CompletionResult]::new('--no-config', '--no-config', [CompletionResultType]::ParameterName, 'Read no configuration')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'aimctl;diff' {
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'The same as PATH, as kubectl has it')
            [CompletionResult]::new('--filename', '--filename', [CompletionResultType]::ParameterName, 'The same as PATH, as kubectl has it')
            [CompletionResult]::new('--stdin-filename', '--stdin-filename', [CompletionResultType]::ParameterName, 'What to call standard input in messages')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Namespace of documents that name none [default: default]')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Namespace of documents that name none [default: default]')
            [CompletionResult]::new('--facts', '--facts', [CompletionResultType]::ParameterName, 'Documents that are facts only: nodes, models, a dump of live objects')
            [CompletionResult]::new('--gpu', '--gpu', [CompletionResultType]::ParameterName, 'The cluster has GPUs of this model (MI300X, MI300X:192G)')
            [CompletionResult]::new('--cluster', '--cluster', [CompletionResultType]::ParameterName, 'Which controllers run where the output is applied [default: kserve]')
            [CompletionResult]::new('--stack', '--stack', [CompletionResultType]::ParameterName, 'The set of versions to reproduce; --version prints the default one')
            [CompletionResult]::new('--no-catalog', '--no-catalog', [CompletionResultType]::ParameterName, 'Do not use the built-in catalog of images')
            [CompletionResult]::new('--add-on-policy', '--add-on-policy', [CompletionResultType]::ParameterName, 'The OTel add-on is installed with its chart''s own admission policy')
            [CompletionResult]::new('--allow-empty', '--allow-empty', [CompletionResultType]::ParameterName, 'Input without any AIMService is fine')
            [CompletionResult]::new('--against', '--against', [CompletionResultType]::ParameterName, 'The side to compare with: a git revision, a path, a dump of live objects, or - for standard input')
            [CompletionResult]::new('--of', '--of', [CompletionResultType]::ParameterName, 'What to compare')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format')
            [CompletionResult]::new('--threads', '--threads', [CompletionResultType]::ParameterName, 'Work with N threads [default: one for each core]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the output')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--directory', '--directory', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this configuration instead of the nearest aimctl.toml')
            [CompletionResult]::new('--staged', '--staged', [CompletionResultType]::ParameterName, 'Compare what is staged with HEAD')
            [CompletionResult]::new('--show-secrets', '--show-secrets', [CompletionResultType]::ParameterName, 'Show the values of secrets, too')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more; twice: still more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more; twice: still more')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but errors on standard error')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but errors on standard error')
            [CompletionResult]::new('--no-config', '--no-config', [CompletionResultType]::ParameterName, 'Read no configuration')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'aimctl;why' {
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'The same as PATH, as kubectl has it')
            [CompletionResult]::new('--filename', '--filename', [CompletionResultType]::ParameterName, 'The same as PATH, as kubectl has it')
            [CompletionResult]::new('--stdin-filename', '--stdin-filename', [CompletionResultType]::ParameterName, 'What to call standard input in messages')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Namespace of documents that name none [default: default]')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Namespace of documents that name none [default: default]')
            [CompletionResult]::new('--facts', '--facts', [CompletionResultType]::ParameterName, 'Documents that are facts only: nodes, models, a dump of live objects')
            [CompletionResult]::new('--gpu', '--gpu', [CompletionResultType]::ParameterName, 'The cluster has GPUs of this model (MI300X, MI300X:192G)')
            [CompletionResult]::new('--cluster', '--cluster', [CompletionResultType]::ParameterName, 'Which controllers run where the output is applied [default: kserve]')
            [CompletionResult]::new('--stack', '--stack', [CompletionResultType]::ParameterName, 'The set of versions to reproduce; --version prints the default one')
            [CompletionResult]::new('--no-catalog', '--no-catalog', [CompletionResultType]::ParameterName, 'Do not use the built-in catalog of images')
            [CompletionResult]::new('--add-on-policy', '--add-on-policy', [CompletionResultType]::ParameterName, 'The OTel add-on is installed with its chart''s own admission policy')
            [CompletionResult]::new('--allow-empty', '--allow-empty', [CompletionResultType]::ParameterName, 'Input without any AIMService is fine')
            [CompletionResult]::new('--threads', '--threads', [CompletionResultType]::ParameterName, 'Work with N threads [default: one for each core]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the output')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--directory', '--directory', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this configuration instead of the nearest aimctl.toml')
            [CompletionResult]::new('--show-secrets', '--show-secrets', [CompletionResultType]::ParameterName, 'Show the values of secrets, too')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more; twice: still more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more; twice: still more')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but errors on standard error')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but errors on standard error')
            [CompletionResult]::new('--no-config', '--no-config', [CompletionResultType]::ParameterName, 'Read no configuration')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'aimctl;simulate' {
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'The same as PATH, as kubectl has it')
            [CompletionResult]::new('--filename', '--filename', [CompletionResultType]::ParameterName, 'The same as PATH, as kubectl has it')
            [CompletionResult]::new('--stdin-filename', '--stdin-filename', [CompletionResultType]::ParameterName, 'What to call standard input in messages')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Namespace of documents that name none [default: default]')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Namespace of documents that name none [default: default]')
            [CompletionResult]::new('--facts', '--facts', [CompletionResultType]::ParameterName, 'Documents that are facts only: nodes, models, a dump of live objects')
            [CompletionResult]::new('--gpu', '--gpu', [CompletionResultType]::ParameterName, 'The cluster has GPUs of this model (MI300X, MI300X:192G)')
            [CompletionResult]::new('--cluster', '--cluster', [CompletionResultType]::ParameterName, 'Which controllers run where the output is applied [default: kserve]')
            [CompletionResult]::new('--stack', '--stack', [CompletionResultType]::ParameterName, 'The set of versions to reproduce; --version prints the default one')
            [CompletionResult]::new('--no-catalog', '--no-catalog', [CompletionResultType]::ParameterName, 'Do not use the built-in catalog of images')
            [CompletionResult]::new('--add-on-policy', '--add-on-policy', [CompletionResultType]::ParameterName, 'The OTel add-on is installed with its chart''s own admission policy')
            [CompletionResult]::new('--allow-empty', '--allow-empty', [CompletionResultType]::ParameterName, 'Input without any AIMService is fine')
            [CompletionResult]::new('--load', '--load', [CompletionResultType]::ParameterName, 'A trace: CSV of a time and total requests in flight, or metrics of your own')
            [CompletionResult]::new('--pattern', '--pattern', [CompletionResultType]::ParameterName, 'A shape between --from and --to [default: ramp]')
            [CompletionResult]::new('--from', '--from', [CompletionResultType]::ParameterName, 'Requests in flight at the low level')
            [CompletionResult]::new('--to', '--to', [CompletionResultType]::ParameterName, 'Requests in flight at the high level [default: a quarter more than the maximum holds]')
            [CompletionResult]::new('--for', '--for', [CompletionResultType]::ParameterName, 'How long [default: to the trace''s last row, else 1h]')
            [CompletionResult]::new('--compare', '--compare', [CompletionResultType]::ParameterName, 'Play a second input under the same load: a path, or the same paths at a git revision')
            [CompletionResult]::new('--capacity', '--capacity', [CompletionResultType]::ParameterName, 'Requests that a replica serves at once [default: max-num-seqs of the engine]')
            [CompletionResult]::new('--start-delay', '--start-delay', [CompletionResultType]::ParameterName, 'From a replica''s creation until it serves [default: image, weights and engine start, estimated]')
            [CompletionResult]::new('--queue', '--queue', [CompletionResultType]::ParameterName, 'The queue that the advice is to hold for 95 % of the time')
            [CompletionResult]::new('--every', '--every', [CompletionResultType]::ParameterName, 'Distance of the samples in csv, json and pictures')
            [CompletionResult]::new('--set', '--set', [CompletionResultType]::ParameterName, 'Another value for a constant of the chain; --constants lists them')
            [CompletionResult]::new('--replay', '--replay', [CompletionResultType]::ParameterName, 'Play recorded steps of the real HPA controller, and say where the simulation differs')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Output format, to standard output or a file; may repeat')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format, to standard output or a file; may repeat')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Output format, to standard output or a file; may repeat')
            [CompletionResult]::new('--threads', '--threads', [CompletionResultType]::ParameterName, 'Work with N threads [default: one for each core]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the output')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--directory', '--directory', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this configuration instead of the nearest aimctl.toml')
            [CompletionResult]::new('--linear', '--linear', [CompletionResultType]::ParameterName, 'Values of a trace lie on the line between two rows; without it a row holds until the next')
            [CompletionResult]::new('--per-replica', '--per-replica', [CompletionResultType]::ParameterName, 'A metric''s column of the trace holds each replica''s own value, not the sum of all')
            [CompletionResult]::new('--cold', '--cold', [CompletionResultType]::ParameterName, 'The replicas at the beginning have to start, too')
            [CompletionResult]::new('--constants', '--constants', [CompletionResultType]::ParameterName, 'List the constants of the chain with their sources')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more; twice: still more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more; twice: still more')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but errors on standard error')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but errors on standard error')
            [CompletionResult]::new('--no-config', '--no-config', [CompletionResultType]::ParameterName, 'Read no configuration')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'aimctl;explain' {
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How to list')
            [CompletionResult]::new('--threads', '--threads', [CompletionResultType]::ParameterName, 'Work with N threads [default: one for each core]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the output')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--directory', '--directory', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this configuration instead of the nearest aimctl.toml')
            [CompletionResult]::new('--recursive', '--recursive', [CompletionResultType]::ParameterName, 'Show all fields below, as a tree')
            [CompletionResult]::new('--list', '--list', [CompletionResultType]::ParameterName, 'List all rules')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more; twice: still more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more; twice: still more')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but errors on standard error')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but errors on standard error')
            [CompletionResult]::new('--no-config', '--no-config', [CompletionResultType]::ParameterName, 'Read no configuration')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'aimctl;graph' {
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'The same as PATH, as kubectl has it')
            [CompletionResult]::new('--filename', '--filename', [CompletionResultType]::ParameterName, 'The same as PATH, as kubectl has it')
            [CompletionResult]::new('--stdin-filename', '--stdin-filename', [CompletionResultType]::ParameterName, 'What to call standard input in messages')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Namespace of documents that name none [default: default]')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Namespace of documents that name none [default: default]')
            [CompletionResult]::new('--facts', '--facts', [CompletionResultType]::ParameterName, 'Documents that are facts only: nodes, models, a dump of live objects')
            [CompletionResult]::new('--gpu', '--gpu', [CompletionResultType]::ParameterName, 'The cluster has GPUs of this model (MI300X, MI300X:192G)')
            [CompletionResult]::new('--cluster', '--cluster', [CompletionResultType]::ParameterName, 'Which controllers run where the output is applied [default: kserve]')
            [CompletionResult]::new('--stack', '--stack', [CompletionResultType]::ParameterName, 'The set of versions to reproduce; --version prints the default one')
            [CompletionResult]::new('--no-catalog', '--no-catalog', [CompletionResultType]::ParameterName, 'Do not use the built-in catalog of images')
            [CompletionResult]::new('--add-on-policy', '--add-on-policy', [CompletionResultType]::ParameterName, 'The OTel add-on is installed with its chart''s own admission policy')
            [CompletionResult]::new('--allow-empty', '--allow-empty', [CompletionResultType]::ParameterName, 'Input without any AIMService is fine')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Output format')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Output format')
            [CompletionResult]::new('--threads', '--threads', [CompletionResultType]::ParameterName, 'Work with N threads [default: one for each core]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the output')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--directory', '--directory', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this configuration instead of the nearest aimctl.toml')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more; twice: still more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more; twice: still more')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but errors on standard error')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but errors on standard error')
            [CompletionResult]::new('--no-config', '--no-config', [CompletionResultType]::ParameterName, 'Read no configuration')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'aimctl;catalog' {
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Output format')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Output format')
            [CompletionResult]::new('--threads', '--threads', [CompletionResultType]::ParameterName, 'Work with N threads [default: one for each core]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the output')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--directory', '--directory', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this configuration instead of the nearest aimctl.toml')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more; twice: still more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more; twice: still more')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but errors on standard error')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but errors on standard error')
            [CompletionResult]::new('--no-config', '--no-config', [CompletionResultType]::ParameterName, 'Read no configuration')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'aimctl;schema' {
            [CompletionResult]::new('--flavour', '--flavour', [CompletionResultType]::ParameterName, 'For whom the schema of a kind is')
            [CompletionResult]::new('--threads', '--threads', [CompletionResultType]::ParameterName, 'Work with N threads [default: one for each core]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the output')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--directory', '--directory', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this configuration instead of the nearest aimctl.toml')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more; twice: still more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more; twice: still more')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but errors on standard error')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but errors on standard error')
            [CompletionResult]::new('--no-config', '--no-config', [CompletionResultType]::ParameterName, 'Read no configuration')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'aimctl;krm' {
            [CompletionResult]::new('--threads', '--threads', [CompletionResultType]::ParameterName, 'Work with N threads [default: one for each core]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the output')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--directory', '--directory', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this configuration instead of the nearest aimctl.toml')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more; twice: still more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more; twice: still more')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but errors on standard error')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but errors on standard error')
            [CompletionResult]::new('--no-config', '--no-config', [CompletionResultType]::ParameterName, 'Read no configuration')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'aimctl;lsp' {
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Namespace of documents that name none [default: default]')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Namespace of documents that name none [default: default]')
            [CompletionResult]::new('--facts', '--facts', [CompletionResultType]::ParameterName, 'Documents that are facts only: nodes, models, a dump of live objects')
            [CompletionResult]::new('--gpu', '--gpu', [CompletionResultType]::ParameterName, 'The cluster has GPUs of this model (MI300X, MI300X:192G)')
            [CompletionResult]::new('--cluster', '--cluster', [CompletionResultType]::ParameterName, 'Which controllers run where the output is applied [default: kserve]')
            [CompletionResult]::new('--stack', '--stack', [CompletionResultType]::ParameterName, 'The set of versions to reproduce; --version prints the default one')
            [CompletionResult]::new('--no-catalog', '--no-catalog', [CompletionResultType]::ParameterName, 'Do not use the built-in catalog of images')
            [CompletionResult]::new('--add-on-policy', '--add-on-policy', [CompletionResultType]::ParameterName, 'The OTel add-on is installed with its chart''s own admission policy')
            [CompletionResult]::new('--allow-empty', '--allow-empty', [CompletionResultType]::ParameterName, 'Input without any AIMService is fine')
            [CompletionResult]::new('--threads', '--threads', [CompletionResultType]::ParameterName, 'Work with N threads [default: one for each core]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the output')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--directory', '--directory', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this configuration instead of the nearest aimctl.toml')
            [CompletionResult]::new('--stdio', '--stdio', [CompletionResultType]::ParameterName, 'Accepted and ignored: there is no other way to talk')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more; twice: still more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more; twice: still more')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but errors on standard error')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but errors on standard error')
            [CompletionResult]::new('--no-config', '--no-config', [CompletionResultType]::ParameterName, 'Read no configuration')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'aimctl;completions' {
            [CompletionResult]::new('--threads', '--threads', [CompletionResultType]::ParameterName, 'Work with N threads [default: one for each core]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the output')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--directory', '--directory', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this configuration instead of the nearest aimctl.toml')
            [CompletionResult]::new('--dynamic', '--dynamic', [CompletionResultType]::ParameterName, 'A script that asks aimctl itself at each Tab, and so knows rules, kinds, fields, images and services')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more; twice: still more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more; twice: still more')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but errors on standard error')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but errors on standard error')
            [CompletionResult]::new('--no-config', '--no-config', [CompletionResultType]::ParameterName, 'Read no configuration')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'aimctl;man' {
            [CompletionResult]::new('--threads', '--threads', [CompletionResultType]::ParameterName, 'Work with N threads [default: one for each core]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'Colour the output')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--directory', '--directory', [CompletionResultType]::ParameterName, 'Run as if started in DIR')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this configuration instead of the nearest aimctl.toml')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more; twice: still more')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more; twice: still more')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Say nothing but errors on standard error')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Say nothing but errors on standard error')
            [CompletionResult]::new('--no-config', '--no-config', [CompletionResultType]::ParameterName, 'Read no configuration')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'aimctl;help' {
            [CompletionResult]::new('render', 'render', [CompletionResultType]::ParameterValue, 'Print the manifests that the controllers would make of each AIMService')
            [CompletionResult]::new('validate', 'validate', [CompletionResultType]::ParameterValue, 'Check documents: what would be refused, and what would be accepted and then fail')
            [CompletionResult]::new('diff', 'diff', [CompletionResultType]::ParameterValue, 'Show what a change does in the cluster: which objects differ, which pods roll, what is refused, what goes')
            [CompletionResult]::new('why', 'why', [CompletionResultType]::ParameterValue, 'Tell why something is as it is: the decisions behind a service, or where one field came from')
            [CompletionResult]::new('simulate', 'simulate', [CompletionResultType]::ParameterValue, 'Play a service''s autoscaling under a load: how many replicas, when, and what is wrong with it')
            [CompletionResult]::new('explain', 'explain', [CompletionResultType]::ParameterValue, 'Explain a rule (D301, autoscaling-without-metric) or a field (aimservice.spec.autoScaling)')
            [CompletionResult]::new('graph', 'graph', [CompletionResultType]::ParameterValue, 'Draw the chain: what a service leads to, who makes it, with findings marked')
            [CompletionResult]::new('catalog', 'catalog', [CompletionResultType]::ParameterValue, 'Show the built-in catalog of AIM images: models, GPUs, profiles')
            [CompletionResult]::new('schema', 'schema', [CompletionResultType]::ParameterValue, 'Print a JSON Schema (2020-12): of a kind, of a report, of aimctl.toml; without argument, what there is')
            [CompletionResult]::new('krm', 'krm', [CompletionResultType]::ParameterValue, 'Work as a KRM function, for kustomize and kpt: a ResourceList from standard input to standard output')
            [CompletionResult]::new('lsp', 'lsp', [CompletionResultType]::ParameterValue, 'Serve an editor: a language server (LSP 3.17) on standard input and output')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print the completion script of a shell')
            [CompletionResult]::new('man', 'man', [CompletionResultType]::ParameterValue, 'Print a manual page (roff)')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'aimctl;help;render' {
            break
        }
        'aimctl;help;validate' {
            break
        }
        'aimctl;help;diff' {
            break
        }
        'aimctl;help;why' {
            break
        }
        'aimctl;help;simulate' {
            break
        }
        'aimctl;help;explain' {
            break
        }
        'aimctl;help;graph' {
            break
        }
        'aimctl;help;catalog' {
            break
        }
        'aimctl;help;schema' {
            break
        }
        'aimctl;help;krm' {
            break
        }
        'aimctl;help;lsp' {
            break
        }
        'aimctl;help;completions' {
            break
        }
        'aimctl;help;man' {
            break
        }
        'aimctl;help;help' {
            break
        }
    })

    $completions.Where{ $_.CompletionText -like "$wordToComplete*" } |
        Sort-Object -Property ListItemText
}
