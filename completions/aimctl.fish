# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_aimctl_global_optspecs
    string join \n threads= color= v/verbose q/quiet C/directory= config= no-config h/help V/version
end

function __fish_aimctl_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_aimctl_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_aimctl_using_subcommand
    set -l cmd (__fish_aimctl_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c aimctl -n "__fish_aimctl_needs_command" -l threads -d 'Work with N threads [default: one for each core]' -r
complete -c aimctl -n "__fish_aimctl_needs_command" -l color -d 'Colour the output' -r -f -a "auto\t'On terminals, unless the environment says otherwise'
always\t'Always'
never\t'Never'"
complete -c aimctl -n "__fish_aimctl_needs_command" -s C -l directory -d 'Run as if started in DIR' -r -F
complete -c aimctl -n "__fish_aimctl_needs_command" -l config -d 'Read this configuration instead of the nearest aimctl.toml' -r -F
complete -c aimctl -n "__fish_aimctl_needs_command" -s v -l verbose -d 'Say more; twice: still more'
complete -c aimctl -n "__fish_aimctl_needs_command" -s q -l quiet -d 'Say nothing but errors on standard error'
complete -c aimctl -n "__fish_aimctl_needs_command" -l no-config -d 'Read no configuration'
complete -c aimctl -n "__fish_aimctl_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c aimctl -n "__fish_aimctl_needs_command" -s V -l version -d 'Print version'
complete -c aimctl -n "__fish_aimctl_needs_command" -f -a "render" -d 'Print the manifests that the controllers would make of each AIMService'
complete -c aimctl -n "__fish_aimctl_needs_command" -f -a "validate" -d 'Check documents: what would be refused, and what would be accepted and then fail'
complete -c aimctl -n "__fish_aimctl_needs_command" -f -a "diff" -d 'Show what a change does in the cluster: which objects differ, which pods roll, what is refused, what goes'
complete -c aimctl -n "__fish_aimctl_needs_command" -f -a "why" -d 'Tell why something is as it is: the decisions behind a service, or where one field came from'
complete -c aimctl -n "__fish_aimctl_needs_command" -f -a "simulate" -d 'Play a service\'s autoscaling under a load: how many replicas, when, and what is wrong with it'
complete -c aimctl -n "__fish_aimctl_needs_command" -f -a "explain" -d 'Explain a rule (D301, autoscaling-without-metric) or a field (aimservice.spec.autoScaling)'
complete -c aimctl -n "__fish_aimctl_needs_command" -f -a "graph" -d 'Draw the chain: what a service leads to, who makes it, with findings marked'
complete -c aimctl -n "__fish_aimctl_needs_command" -f -a "catalog" -d 'Show the built-in catalog of AIM images: models, GPUs, profiles'
complete -c aimctl -n "__fish_aimctl_needs_command" -f -a "schema" -d 'Print a JSON Schema (2020-12): of a kind, of a report, of aimctl.toml; without argument, what there is'
complete -c aimctl -n "__fish_aimctl_needs_command" -f -a "krm" -d 'Work as a KRM function, for kustomize and kpt: a ResourceList from standard input to standard output'
complete -c aimctl -n "__fish_aimctl_needs_command" -f -a "lsp" -d 'Serve an editor: a language server (LSP 3.17) on standard input and output'
complete -c aimctl -n "__fish_aimctl_needs_command" -f -a "completions" -d 'Print the completion script of a shell'
complete -c aimctl -n "__fish_aimctl_needs_command" -f -a "man" -d 'Print a manual page (roff)'
complete -c aimctl -n "__fish_aimctl_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c aimctl -n "__fish_aimctl_using_subcommand render" -s f -l filename -d 'The same as PATH, as kubectl has it' -r -F
complete -c aimctl -n "__fish_aimctl_using_subcommand render" -l stdin-filename -d 'What to call standard input in messages' -r
complete -c aimctl -n "__fish_aimctl_using_subcommand render" -s n -l namespace -d 'Namespace of documents that name none [default: default]' -r
complete -c aimctl -n "__fish_aimctl_using_subcommand render" -l facts -d 'Documents that are facts only: nodes, models, a dump of live objects' -r -F
complete -c aimctl -n "__fish_aimctl_using_subcommand render" -l gpu -d 'The cluster has GPUs of this model (MI300X, MI300X:192G)' -r
complete -c aimctl -n "__fish_aimctl_using_subcommand render" -l cluster -d 'Which controllers run where the output is applied [default: kserve]' -r -f -a "aim-engine\t'AIM Engine, KServe, KEDA, OpenTelemetry operator'
kserve\t'KServe, KEDA, OpenTelemetry operator'
keda\t'KEDA, OpenTelemetry operator'"
complete -c aimctl -n "__fish_aimctl_using_subcommand render" -l stack -d 'The set of versions to reproduce; --version prints the default one' -r
complete -c aimctl -n "__fish_aimctl_using_subcommand render" -l no-catalog -d 'Do not use the built-in catalog of images' -r -f -a "true\t''
false\t''"
complete -c aimctl -n "__fish_aimctl_using_subcommand render" -l add-on-policy -d 'The OTel add-on is installed with its chart\'s own admission policy' -r -f -a "true\t''
false\t''"
complete -c aimctl -n "__fish_aimctl_using_subcommand render" -l allow-empty -d 'Input without any AIMService is fine' -r -f -a "true\t''
false\t''"
complete -c aimctl -n "__fish_aimctl_using_subcommand render" -l expected -d 'How to print objects that controllers in the cluster will make' -r -f -a "comment\t'Commented-out YAML under a heading that names the creator'
docs\t'Documents, marked so that kustomize and kpt leave them out'
none\t'Not at all'"
complete -c aimctl -n "__fish_aimctl_using_subcommand render" -s o -l output -d 'Output format' -r -f -a "yaml\t'A stream of YAML documents'
json\t'One List'
ndjson\t'One JSON object a line'"
complete -c aimctl -n "__fish_aimctl_using_subcommand render" -l output-dir -d 'Write one file an object below DIR, with a kustomization.yaml' -r -F
complete -c aimctl -n "__fish_aimctl_using_subcommand render" -l only -d 'Only objects of this kind, or this one object' -r
complete -c aimctl -n "__fish_aimctl_using_subcommand render" -l stage -d 'Only objects of this stage of the chain' -r -f -a "aim\t'AIM Engine'
kserve\t'KServe'
keda\t'KEDA'
otel\t'Pods and the OpenTelemetry operator'"
complete -c aimctl -n "__fish_aimctl_using_subcommand render" -l service -d 'Only what this AIMService leads to' -r
complete -c aimctl -n "__fish_aimctl_using_subcommand render" -l threads -d 'Work with N threads [default: one for each core]' -r
complete -c aimctl -n "__fish_aimctl_using_subcommand render" -l color -d 'Colour the output' -r -f -a "auto\t'On terminals, unless the environment says otherwise'
always\t'Always'
never\t'Never'"
complete -c aimctl -n "__fish_aimctl_using_subcommand render" -s C -l directory -d 'Run as if started in DIR' -r -F
complete -c aimctl -n "__fish_aimctl_using_subcommand render" -l config -d 'Read this configuration instead of the nearest aimctl.toml' -r -F
complete -c aimctl -n "__fish_aimctl_using_subcommand render" -l prune -d 'Delete files below the output directory that an earlier run wrote and this one does not'
complete -c aimctl -n "__fish_aimctl_using_subcommand render" -l provenance -d 'Say in a comment what each object was made from'
complete -c aimctl -n "__fish_aimctl_using_subcommand render" -l status -d 'Print the status that each AIMService would end with, instead of manifests'
complete -c aimctl -n "__fish_aimctl_using_subcommand render" -l keep-going -d 'Print everything that would exist all the same, half-built services included (exit code 1)'
complete -c aimctl -n "__fish_aimctl_using_subcommand render" -s v -l verbose -d 'Say more; twice: still more'
complete -c aimctl -n "__fish_aimctl_using_subcommand render" -s q -l quiet -d 'Say nothing but errors on standard error'
complete -c aimctl -n "__fish_aimctl_using_subcommand render" -l no-config -d 'Read no configuration'
complete -c aimctl -n "__fish_aimctl_using_subcommand render" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c aimctl -n "__fish_aimctl_using_subcommand render" -s V -l version -d 'Print version'
complete -c aimctl -n "__fish_aimctl_using_subcommand validate" -s f -l filename -d 'The same as PATH, as kubectl has it' -r -F
complete -c aimctl -n "__fish_aimctl_using_subcommand validate" -l stdin-filename -d 'What to call standard input in messages' -r
complete -c aimctl -n "__fish_aimctl_using_subcommand validate" -s n -l namespace -d 'Namespace of documents that name none [default: default]' -r
complete -c aimctl -n "__fish_aimctl_using_subcommand validate" -l facts -d 'Documents that are facts only: nodes, models, a dump of live objects' -r -F
complete -c aimctl -n "__fish_aimctl_using_subcommand validate" -l gpu -d 'The cluster has GPUs of this model (MI300X, MI300X:192G)' -r
complete -c aimctl -n "__fish_aimctl_using_subcommand validate" -l cluster -d 'Which controllers run where the output is applied [default: kserve]' -r -f -a "aim-engine\t'AIM Engine, KServe, KEDA, OpenTelemetry operator'
kserve\t'KServe, KEDA, OpenTelemetry operator'
keda\t'KEDA, OpenTelemetry operator'"
complete -c aimctl -n "__fish_aimctl_using_subcommand validate" -l stack -d 'The set of versions to reproduce; --version prints the default one' -r
complete -c aimctl -n "__fish_aimctl_using_subcommand validate" -l no-catalog -d 'Do not use the built-in catalog of images' -r -f -a "true\t''
false\t''"
complete -c aimctl -n "__fish_aimctl_using_subcommand validate" -l add-on-policy -d 'The OTel add-on is installed with its chart\'s own admission policy' -r -f -a "true\t''
false\t''"
complete -c aimctl -n "__fish_aimctl_using_subcommand validate" -l allow-empty -d 'Input without any AIMService is fine' -r -f -a "true\t''
false\t''"
complete -c aimctl -n "__fish_aimctl_using_subcommand validate" -l format -d 'Form of the report: text, concise, json, ndjson, github, gitlab, junit or sarif; FORMAT=FILE writes it into a file; may repeat [default: text, in GitHub Actions github]' -r
complete -c aimctl -n "__fish_aimctl_using_subcommand validate" -l deny -d 'Report a rule as error: its code, the beginning of codes, or its name; `warnings` means every warning' -r
complete -c aimctl -n "__fish_aimctl_using_subcommand validate" -l warn -d 'Report a rule as warning' -r
complete -c aimctl -n "__fish_aimctl_using_subcommand validate" -l allow -d 'Do not report a rule' -r
complete -c aimctl -n "__fish_aimctl_using_subcommand validate" -l against -d 'Check the change from an older version, too: a git revision, or a path' -r
complete -c aimctl -n "__fish_aimctl_using_subcommand validate" -l threads -d 'Work with N threads [default: one for each core]' -r
complete -c aimctl -n "__fish_aimctl_using_subcommand validate" -l color -d 'Colour the output' -r -f -a "auto\t'On terminals, unless the environment says otherwise'
always\t'Always'
never\t'Never'"
complete -c aimctl -n "__fish_aimctl_using_subcommand validate" -s C -l directory -d 'Run as if started in DIR' -r -F
complete -c aimctl -n "__fish_aimctl_using_subcommand validate" -l config -d 'Read this configuration instead of the nearest aimctl.toml' -r -F
complete -c aimctl -n "__fish_aimctl_using_subcommand validate" -l exit-zero -d 'Exit with 0 even when there are errors'
complete -c aimctl -n "__fish_aimctl_using_subcommand validate" -l fix -d 'Mend what has one certain fix, in the files'
complete -c aimctl -n "__fish_aimctl_using_subcommand validate" -l dry-run -d 'Show what --fix would change, and change nothing'
complete -c aimctl -n "__fish_aimctl_using_subcommand validate" -l show-secrets -d 'Show the values of secrets, too, in what --fix --dry-run shows'
complete -c aimctl -n "__fish_aimctl_using_subcommand validate" -s v -l verbose -d 'Say more; twice: still more'
complete -c aimctl -n "__fish_aimctl_using_subcommand validate" -s q -l quiet -d 'Say nothing but errors on standard error'
complete -c aimctl -n "__fish_aimctl_using_subcommand validate" -l no-config -d 'Read no configuration'
complete -c aimctl -n "__fish_aimctl_using_subcommand validate" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c aimctl -n "__fish_aimctl_using_subcommand validate" -s V -l version -d 'Print version'
complete -c aimctl -n "__fish_aimctl_using_subcommand diff" -s f -l filename -d 'The same as PATH, as kubectl has it' -r -F
complete -c aimctl -n "__fish_aimctl_using_subcommand diff" -l stdin-filename -d 'What to call standard input in messages' -r
complete -c aimctl -n "__fish_aimctl_using_subcommand diff" -s n -l namespace -d 'Namespace of documents that name none [default: default]' -r
complete -c aimctl -n "__fish_aimctl_using_subcommand diff" -l facts -d 'Documents that are facts only: nodes, models, a dump of live objects' -r -F
complete -c aimctl -n "__fish_aimctl_using_subcommand diff" -l gpu -d 'The cluster has GPUs of this model (MI300X, MI300X:192G)' -r
complete -c aimctl -n "__fish_aimctl_using_subcommand diff" -l cluster -d 'Which controllers run where the output is applied [default: kserve]' -r -f -a "aim-engine\t'AIM Engine, KServe, KEDA, OpenTelemetry operator'
kserve\t'KServe, KEDA, OpenTelemetry operator'
keda\t'KEDA, OpenTelemetry operator'"
complete -c aimctl -n "__fish_aimctl_using_subcommand diff" -l stack -d 'The set of versions to reproduce; --version prints the default one' -r
complete -c aimctl -n "__fish_aimctl_using_subcommand diff" -l no-catalog -d 'Do not use the built-in catalog of images' -r -f -a "true\t''
false\t''"
complete -c aimctl -n "__fish_aimctl_using_subcommand diff" -l add-on-policy -d 'The OTel add-on is installed with its chart\'s own admission policy' -r -f -a "true\t''
false\t''"
complete -c aimctl -n "__fish_aimctl_using_subcommand diff" -l allow-empty -d 'Input without any AIMService is fine' -r -f -a "true\t''
false\t''"
complete -c aimctl -n "__fish_aimctl_using_subcommand diff" -l against -d 'The side to compare with: a git revision, a path, a dump of live objects, or - for standard input' -r
complete -c aimctl -n "__fish_aimctl_using_subcommand diff" -l of -d 'What to compare' -r -f -a "rendered\t'What the controllers make of both sides'
source\t'The documents themselves'"
complete -c aimctl -n "__fish_aimctl_using_subcommand diff" -l format -d 'Output format' -r -f -a "text\t'For people'
brief\t'One line an object'
unified\t'A unified diff of the manifests'
json\t'For programs'
markdown\t'For a comment on a pull request'"
complete -c aimctl -n "__fish_aimctl_using_subcommand diff" -l threads -d 'Work with N threads [default: one for each core]' -r
complete -c aimctl -n "__fish_aimctl_using_subcommand diff" -l color -d 'Colour the output' -r -f -a "auto\t'On terminals, unless the environment says otherwise'
always\t'Always'
never\t'Never'"
complete -c aimctl -n "__fish_aimctl_using_subcommand diff" -s C -l directory -d 'Run as if started in DIR' -r -F
complete -c aimctl -n "__fish_aimctl_using_subcommand diff" -l config -d 'Read this configuration instead of the nearest aimctl.toml' -r -F
complete -c aimctl -n "__fish_aimctl_using_subcommand diff" -l staged -d 'Compare what is staged with HEAD'
complete -c aimctl -n "__fish_aimctl_using_subcommand diff" -l show-secrets -d 'Show the values of secrets, too'
complete -c aimctl -n "__fish_aimctl_using_subcommand diff" -s v -l verbose -d 'Say more; twice: still more'
complete -c aimctl -n "__fish_aimctl_using_subcommand diff" -s q -l quiet -d 'Say nothing but errors on standard error'
complete -c aimctl -n "__fish_aimctl_using_subcommand diff" -l no-config -d 'Read no configuration'
complete -c aimctl -n "__fish_aimctl_using_subcommand diff" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c aimctl -n "__fish_aimctl_using_subcommand diff" -s V -l version -d 'Print version'
complete -c aimctl -n "__fish_aimctl_using_subcommand why" -s f -l filename -d 'The same as PATH, as kubectl has it' -r -F
complete -c aimctl -n "__fish_aimctl_using_subcommand why" -l stdin-filename -d 'What to call standard input in messages' -r
complete -c aimctl -n "__fish_aimctl_using_subcommand why" -s n -l namespace -d 'Namespace of documents that name none [default: default]' -r
complete -c aimctl -n "__fish_aimctl_using_subcommand why" -l facts -d 'Documents that are facts only: nodes, models, a dump of live objects' -r -F
complete -c aimctl -n "__fish_aimctl_using_subcommand why" -l gpu -d 'The cluster has GPUs of this model (MI300X, MI300X:192G)' -r
complete -c aimctl -n "__fish_aimctl_using_subcommand why" -l cluster -d 'Which controllers run where the output is applied [default: kserve]' -r -f -a "aim-engine\t'AIM Engine, KServe, KEDA, OpenTelemetry operator'
kserve\t'KServe, KEDA, OpenTelemetry operator'
keda\t'KEDA, OpenTelemetry operator'"
complete -c aimctl -n "__fish_aimctl_using_subcommand why" -l stack -d 'The set of versions to reproduce; --version prints the default one' -r
complete -c aimctl -n "__fish_aimctl_using_subcommand why" -l no-catalog -d 'Do not use the built-in catalog of images' -r -f -a "true\t''
false\t''"
complete -c aimctl -n "__fish_aimctl_using_subcommand why" -l add-on-policy -d 'The OTel add-on is installed with its chart\'s own admission policy' -r -f -a "true\t''
false\t''"
complete -c aimctl -n "__fish_aimctl_using_subcommand why" -l allow-empty -d 'Input without any AIMService is fine' -r -f -a "true\t''
false\t''"
complete -c aimctl -n "__fish_aimctl_using_subcommand why" -l threads -d 'Work with N threads [default: one for each core]' -r
complete -c aimctl -n "__fish_aimctl_using_subcommand why" -l color -d 'Colour the output' -r -f -a "auto\t'On terminals, unless the environment says otherwise'
always\t'Always'
never\t'Never'"
complete -c aimctl -n "__fish_aimctl_using_subcommand why" -s C -l directory -d 'Run as if started in DIR' -r -F
complete -c aimctl -n "__fish_aimctl_using_subcommand why" -l config -d 'Read this configuration instead of the nearest aimctl.toml' -r -F
complete -c aimctl -n "__fish_aimctl_using_subcommand why" -l show-secrets -d 'Show the values of secrets, too'
complete -c aimctl -n "__fish_aimctl_using_subcommand why" -s v -l verbose -d 'Say more; twice: still more'
complete -c aimctl -n "__fish_aimctl_using_subcommand why" -s q -l quiet -d 'Say nothing but errors on standard error'
complete -c aimctl -n "__fish_aimctl_using_subcommand why" -l no-config -d 'Read no configuration'
complete -c aimctl -n "__fish_aimctl_using_subcommand why" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c aimctl -n "__fish_aimctl_using_subcommand why" -s V -l version -d 'Print version'
complete -c aimctl -n "__fish_aimctl_using_subcommand simulate" -s f -l filename -d 'The same as PATH, as kubectl has it' -r -F
complete -c aimctl -n "__fish_aimctl_using_subcommand simulate" -l stdin-filename -d 'What to call standard input in messages' -r
complete -c aimctl -n "__fish_aimctl_using_subcommand simulate" -s n -l namespace -d 'Namespace of documents that name none [default: default]' -r
complete -c aimctl -n "__fish_aimctl_using_subcommand simulate" -l facts -d 'Documents that are facts only: nodes, models, a dump of live objects' -r -F
complete -c aimctl -n "__fish_aimctl_using_subcommand simulate" -l gpu -d 'The cluster has GPUs of this model (MI300X, MI300X:192G)' -r
complete -c aimctl -n "__fish_aimctl_using_subcommand simulate" -l cluster -d 'Which controllers run where the output is applied [default: kserve]' -r -f -a "aim-engine\t'AIM Engine, KServe, KEDA, OpenTelemetry operator'
kserve\t'KServe, KEDA, OpenTelemetry operator'
keda\t'KEDA, OpenTelemetry operator'"
complete -c aimctl -n "__fish_aimctl_using_subcommand simulate" -l stack -d 'The set of versions to reproduce; --version prints the default one' -r
complete -c aimctl -n "__fish_aimctl_using_subcommand simulate" -l no-catalog -d 'Do not use the built-in catalog of images' -r -f -a "true\t''
false\t''"
complete -c aimctl -n "__fish_aimctl_using_subcommand simulate" -l add-on-policy -d 'The OTel add-on is installed with its chart\'s own admission policy' -r -f -a "true\t''
false\t''"
complete -c aimctl -n "__fish_aimctl_using_subcommand simulate" -l allow-empty -d 'Input without any AIMService is fine' -r -f -a "true\t''
false\t''"
complete -c aimctl -n "__fish_aimctl_using_subcommand simulate" -l load -d 'A trace: CSV of a time and total requests in flight, or metrics of your own' -r -F
complete -c aimctl -n "__fish_aimctl_using_subcommand simulate" -l pattern -d 'A shape between --from and --to [default: ramp]' -r -f -a "step\t'Low for the first tenth, then high'
ramp\t'From low to high, evenly'
sine\t'Three waves'
spike\t'High for a twentieth after the first quarter'"
complete -c aimctl -n "__fish_aimctl_using_subcommand simulate" -l from -d 'Requests in flight at the low level' -r
complete -c aimctl -n "__fish_aimctl_using_subcommand simulate" -l to -d 'Requests in flight at the high level [default: a quarter more than the maximum holds]' -r
complete -c aimctl -n "__fish_aimctl_using_subcommand simulate" -l for -d 'How long [default: to the trace\'s last row, else 1h]' -r
complete -c aimctl -n "__fish_aimctl_using_subcommand simulate" -l compare -d 'Play a second input under the same load: a path, or the same paths at a git revision' -r
complete -c aimctl -n "__fish_aimctl_using_subcommand simulate" -l capacity -d 'Requests that a replica serves at once [default: max-num-seqs of the engine]' -r
complete -c aimctl -n "__fish_aimctl_using_subcommand simulate" -l start-delay -d 'From a replica\'s creation until it serves [default: image, weights and engine start, estimated]' -r
complete -c aimctl -n "__fish_aimctl_using_subcommand simulate" -l queue -d 'The queue that the advice is to hold for 95 % of the time' -r
complete -c aimctl -n "__fish_aimctl_using_subcommand simulate" -l every -d 'Distance of the samples in csv, json and pictures' -r
complete -c aimctl -n "__fish_aimctl_using_subcommand simulate" -l set -d 'Another value for a constant of the chain; --constants lists them' -r
complete -c aimctl -n "__fish_aimctl_using_subcommand simulate" -l replay -d 'Play recorded steps of the real HPA controller, and say where the simulation differs' -r -F
complete -c aimctl -n "__fish_aimctl_using_subcommand simulate" -s o -l format -l output -d 'Output format, to standard output or a file; may repeat' -r
complete -c aimctl -n "__fish_aimctl_using_subcommand simulate" -l threads -d 'Work with N threads [default: one for each core]' -r
complete -c aimctl -n "__fish_aimctl_using_subcommand simulate" -l color -d 'Colour the output' -r -f -a "auto\t'On terminals, unless the environment says otherwise'
always\t'Always'
never\t'Never'"
complete -c aimctl -n "__fish_aimctl_using_subcommand simulate" -s C -l directory -d 'Run as if started in DIR' -r -F
complete -c aimctl -n "__fish_aimctl_using_subcommand simulate" -l config -d 'Read this configuration instead of the nearest aimctl.toml' -r -F
complete -c aimctl -n "__fish_aimctl_using_subcommand simulate" -l linear -d 'Values of a trace lie on the line between two rows; without it a row holds until the next'
complete -c aimctl -n "__fish_aimctl_using_subcommand simulate" -l per-replica -d 'A metric\'s column of the trace holds each replica\'s own value, not the sum of all'
complete -c aimctl -n "__fish_aimctl_using_subcommand simulate" -l cold -d 'The replicas at the beginning have to start, too'
complete -c aimctl -n "__fish_aimctl_using_subcommand simulate" -l constants -d 'List the constants of the chain with their sources'
complete -c aimctl -n "__fish_aimctl_using_subcommand simulate" -s v -l verbose -d 'Say more; twice: still more'
complete -c aimctl -n "__fish_aimctl_using_subcommand simulate" -s q -l quiet -d 'Say nothing but errors on standard error'
complete -c aimctl -n "__fish_aimctl_using_subcommand simulate" -l no-config -d 'Read no configuration'
complete -c aimctl -n "__fish_aimctl_using_subcommand simulate" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c aimctl -n "__fish_aimctl_using_subcommand simulate" -s V -l version -d 'Print version'
complete -c aimctl -n "__fish_aimctl_using_subcommand explain" -l format -d 'How to list' -r -f -a "table\t'For reading'
json\t'For programs'"
complete -c aimctl -n "__fish_aimctl_using_subcommand explain" -l threads -d 'Work with N threads [default: one for each core]' -r
complete -c aimctl -n "__fish_aimctl_using_subcommand explain" -l color -d 'Colour the output' -r -f -a "auto\t'On terminals, unless the environment says otherwise'
always\t'Always'
never\t'Never'"
complete -c aimctl -n "__fish_aimctl_using_subcommand explain" -s C -l directory -d 'Run as if started in DIR' -r -F
complete -c aimctl -n "__fish_aimctl_using_subcommand explain" -l config -d 'Read this configuration instead of the nearest aimctl.toml' -r -F
complete -c aimctl -n "__fish_aimctl_using_subcommand explain" -l recursive -d 'Show all fields below, as a tree'
complete -c aimctl -n "__fish_aimctl_using_subcommand explain" -l list -d 'List all rules'
complete -c aimctl -n "__fish_aimctl_using_subcommand explain" -s v -l verbose -d 'Say more; twice: still more'
complete -c aimctl -n "__fish_aimctl_using_subcommand explain" -s q -l quiet -d 'Say nothing but errors on standard error'
complete -c aimctl -n "__fish_aimctl_using_subcommand explain" -l no-config -d 'Read no configuration'
complete -c aimctl -n "__fish_aimctl_using_subcommand explain" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c aimctl -n "__fish_aimctl_using_subcommand explain" -s V -l version -d 'Print version'
complete -c aimctl -n "__fish_aimctl_using_subcommand graph" -s f -l filename -d 'The same as PATH, as kubectl has it' -r -F
complete -c aimctl -n "__fish_aimctl_using_subcommand graph" -l stdin-filename -d 'What to call standard input in messages' -r
complete -c aimctl -n "__fish_aimctl_using_subcommand graph" -s n -l namespace -d 'Namespace of documents that name none [default: default]' -r
complete -c aimctl -n "__fish_aimctl_using_subcommand graph" -l facts -d 'Documents that are facts only: nodes, models, a dump of live objects' -r -F
complete -c aimctl -n "__fish_aimctl_using_subcommand graph" -l gpu -d 'The cluster has GPUs of this model (MI300X, MI300X:192G)' -r
complete -c aimctl -n "__fish_aimctl_using_subcommand graph" -l cluster -d 'Which controllers run where the output is applied [default: kserve]' -r -f -a "aim-engine\t'AIM Engine, KServe, KEDA, OpenTelemetry operator'
kserve\t'KServe, KEDA, OpenTelemetry operator'
keda\t'KEDA, OpenTelemetry operator'"
complete -c aimctl -n "__fish_aimctl_using_subcommand graph" -l stack -d 'The set of versions to reproduce; --version prints the default one' -r
complete -c aimctl -n "__fish_aimctl_using_subcommand graph" -l no-catalog -d 'Do not use the built-in catalog of images' -r -f -a "true\t''
false\t''"
complete -c aimctl -n "__fish_aimctl_using_subcommand graph" -l add-on-policy -d 'The OTel add-on is installed with its chart\'s own admission policy' -r -f -a "true\t''
false\t''"
complete -c aimctl -n "__fish_aimctl_using_subcommand graph" -l allow-empty -d 'Input without any AIMService is fine' -r -f -a "true\t''
false\t''"
complete -c aimctl -n "__fish_aimctl_using_subcommand graph" -s o -l output -d 'Output format' -r -f -a "mermaid\t'Forges draw it in a pull request as it is'
dot\t'Graphviz'
svg\t'A drawing'"
complete -c aimctl -n "__fish_aimctl_using_subcommand graph" -l threads -d 'Work with N threads [default: one for each core]' -r
complete -c aimctl -n "__fish_aimctl_using_subcommand graph" -l color -d 'Colour the output' -r -f -a "auto\t'On terminals, unless the environment says otherwise'
always\t'Always'
never\t'Never'"
complete -c aimctl -n "__fish_aimctl_using_subcommand graph" -s C -l directory -d 'Run as if started in DIR' -r -F
complete -c aimctl -n "__fish_aimctl_using_subcommand graph" -l config -d 'Read this configuration instead of the nearest aimctl.toml' -r -F
complete -c aimctl -n "__fish_aimctl_using_subcommand graph" -s v -l verbose -d 'Say more; twice: still more'
complete -c aimctl -n "__fish_aimctl_using_subcommand graph" -s q -l quiet -d 'Say nothing but errors on standard error'
complete -c aimctl -n "__fish_aimctl_using_subcommand graph" -l no-config -d 'Read no configuration'
complete -c aimctl -n "__fish_aimctl_using_subcommand graph" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c aimctl -n "__fish_aimctl_using_subcommand graph" -s V -l version -d 'Print version'
complete -c aimctl -n "__fish_aimctl_using_subcommand catalog" -s o -l output -d 'Output format' -r -f -a "table\t'For reading'
json\t'A list of all that is known of each image'
name\t'The images\' names'"
complete -c aimctl -n "__fish_aimctl_using_subcommand catalog" -l threads -d 'Work with N threads [default: one for each core]' -r
complete -c aimctl -n "__fish_aimctl_using_subcommand catalog" -l color -d 'Colour the output' -r -f -a "auto\t'On terminals, unless the environment says otherwise'
always\t'Always'
never\t'Never'"
complete -c aimctl -n "__fish_aimctl_using_subcommand catalog" -s C -l directory -d 'Run as if started in DIR' -r -F
complete -c aimctl -n "__fish_aimctl_using_subcommand catalog" -l config -d 'Read this configuration instead of the nearest aimctl.toml' -r -F
complete -c aimctl -n "__fish_aimctl_using_subcommand catalog" -s v -l verbose -d 'Say more; twice: still more'
complete -c aimctl -n "__fish_aimctl_using_subcommand catalog" -s q -l quiet -d 'Say nothing but errors on standard error'
complete -c aimctl -n "__fish_aimctl_using_subcommand catalog" -l no-config -d 'Read no configuration'
complete -c aimctl -n "__fish_aimctl_using_subcommand catalog" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c aimctl -n "__fish_aimctl_using_subcommand catalog" -s V -l version -d 'Print version'
complete -c aimctl -n "__fish_aimctl_using_subcommand schema" -l flavour -d 'For whom the schema of a kind is' -r -f -a "editor\t'Editors'
kubeconform\t'kubeconform and other validators'"
complete -c aimctl -n "__fish_aimctl_using_subcommand schema" -l threads -d 'Work with N threads [default: one for each core]' -r
complete -c aimctl -n "__fish_aimctl_using_subcommand schema" -l color -d 'Colour the output' -r -f -a "auto\t'On terminals, unless the environment says otherwise'
always\t'Always'
never\t'Never'"
complete -c aimctl -n "__fish_aimctl_using_subcommand schema" -s C -l directory -d 'Run as if started in DIR' -r -F
complete -c aimctl -n "__fish_aimctl_using_subcommand schema" -l config -d 'Read this configuration instead of the nearest aimctl.toml' -r -F
complete -c aimctl -n "__fish_aimctl_using_subcommand schema" -s v -l verbose -d 'Say more; twice: still more'
complete -c aimctl -n "__fish_aimctl_using_subcommand schema" -s q -l quiet -d 'Say nothing but errors on standard error'
complete -c aimctl -n "__fish_aimctl_using_subcommand schema" -l no-config -d 'Read no configuration'
complete -c aimctl -n "__fish_aimctl_using_subcommand schema" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c aimctl -n "__fish_aimctl_using_subcommand schema" -s V -l version -d 'Print version'
complete -c aimctl -n "__fish_aimctl_using_subcommand krm" -l threads -d 'Work with N threads [default: one for each core]' -r
complete -c aimctl -n "__fish_aimctl_using_subcommand krm" -l color -d 'Colour the output' -r -f -a "auto\t'On terminals, unless the environment says otherwise'
always\t'Always'
never\t'Never'"
complete -c aimctl -n "__fish_aimctl_using_subcommand krm" -s C -l directory -d 'Run as if started in DIR' -r -F
complete -c aimctl -n "__fish_aimctl_using_subcommand krm" -l config -d 'Read this configuration instead of the nearest aimctl.toml' -r -F
complete -c aimctl -n "__fish_aimctl_using_subcommand krm" -s v -l verbose -d 'Say more; twice: still more'
complete -c aimctl -n "__fish_aimctl_using_subcommand krm" -s q -l quiet -d 'Say nothing but errors on standard error'
complete -c aimctl -n "__fish_aimctl_using_subcommand krm" -l no-config -d 'Read no configuration'
complete -c aimctl -n "__fish_aimctl_using_subcommand krm" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c aimctl -n "__fish_aimctl_using_subcommand krm" -s V -l version -d 'Print version'
complete -c aimctl -n "__fish_aimctl_using_subcommand lsp" -s n -l namespace -d 'Namespace of documents that name none [default: default]' -r
complete -c aimctl -n "__fish_aimctl_using_subcommand lsp" -l facts -d 'Documents that are facts only: nodes, models, a dump of live objects' -r -F
complete -c aimctl -n "__fish_aimctl_using_subcommand lsp" -l gpu -d 'The cluster has GPUs of this model (MI300X, MI300X:192G)' -r
complete -c aimctl -n "__fish_aimctl_using_subcommand lsp" -l cluster -d 'Which controllers run where the output is applied [default: kserve]' -r -f -a "aim-engine\t'AIM Engine, KServe, KEDA, OpenTelemetry operator'
kserve\t'KServe, KEDA, OpenTelemetry operator'
keda\t'KEDA, OpenTelemetry operator'"
complete -c aimctl -n "__fish_aimctl_using_subcommand lsp" -l stack -d 'The set of versions to reproduce; --version prints the default one' -r
complete -c aimctl -n "__fish_aimctl_using_subcommand lsp" -l no-catalog -d 'Do not use the built-in catalog of images' -r -f -a "true\t''
false\t''"
complete -c aimctl -n "__fish_aimctl_using_subcommand lsp" -l add-on-policy -d 'The OTel add-on is installed with its chart\'s own admission policy' -r -f -a "true\t''
false\t''"
complete -c aimctl -n "__fish_aimctl_using_subcommand lsp" -l allow-empty -d 'Input without any AIMService is fine' -r -f -a "true\t''
false\t''"
complete -c aimctl -n "__fish_aimctl_using_subcommand lsp" -l threads -d 'Work with N threads [default: one for each core]' -r
complete -c aimctl -n "__fish_aimctl_using_subcommand lsp" -l color -d 'Colour the output' -r -f -a "auto\t'On terminals, unless the environment says otherwise'
always\t'Always'
never\t'Never'"
complete -c aimctl -n "__fish_aimctl_using_subcommand lsp" -s C -l directory -d 'Run as if started in DIR' -r -F
complete -c aimctl -n "__fish_aimctl_using_subcommand lsp" -l config -d 'Read this configuration instead of the nearest aimctl.toml' -r -F
complete -c aimctl -n "__fish_aimctl_using_subcommand lsp" -l stdio -d 'Accepted and ignored: there is no other way to talk'
complete -c aimctl -n "__fish_aimctl_using_subcommand lsp" -s v -l verbose -d 'Say more; twice: still more'
complete -c aimctl -n "__fish_aimctl_using_subcommand lsp" -s q -l quiet -d 'Say nothing but errors on standard error'
complete -c aimctl -n "__fish_aimctl_using_subcommand lsp" -l no-config -d 'Read no configuration'
complete -c aimctl -n "__fish_aimctl_using_subcommand lsp" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c aimctl -n "__fish_aimctl_using_subcommand lsp" -s V -l version -d 'Print version'
complete -c aimctl -n "__fish_aimctl_using_subcommand completions" -l threads -d 'Work with N threads [default: one for each core]' -r
complete -c aimctl -n "__fish_aimctl_using_subcommand completions" -l color -d 'Colour the output' -r -f -a "auto\t'On terminals, unless the environment says otherwise'
always\t'Always'
never\t'Never'"
complete -c aimctl -n "__fish_aimctl_using_subcommand completions" -s C -l directory -d 'Run as if started in DIR' -r -F
complete -c aimctl -n "__fish_aimctl_using_subcommand completions" -l config -d 'Read this configuration instead of the nearest aimctl.toml' -r -F
complete -c aimctl -n "__fish_aimctl_using_subcommand completions" -l dynamic -d 'A script that asks aimctl itself at each Tab, and so knows rules, kinds, fields, images and services'
complete -c aimctl -n "__fish_aimctl_using_subcommand completions" -s v -l verbose -d 'Say more; twice: still more'
complete -c aimctl -n "__fish_aimctl_using_subcommand completions" -s q -l quiet -d 'Say nothing but errors on standard error'
complete -c aimctl -n "__fish_aimctl_using_subcommand completions" -l no-config -d 'Read no configuration'
complete -c aimctl -n "__fish_aimctl_using_subcommand completions" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c aimctl -n "__fish_aimctl_using_subcommand completions" -s V -l version -d 'Print version'
complete -c aimctl -n "__fish_aimctl_using_subcommand man" -l threads -d 'Work with N threads [default: one for each core]' -r
complete -c aimctl -n "__fish_aimctl_using_subcommand man" -l color -d 'Colour the output' -r -f -a "auto\t'On terminals, unless the environment says otherwise'
always\t'Always'
never\t'Never'"
complete -c aimctl -n "__fish_aimctl_using_subcommand man" -s C -l directory -d 'Run as if started in DIR' -r -F
complete -c aimctl -n "__fish_aimctl_using_subcommand man" -l config -d 'Read this configuration instead of the nearest aimctl.toml' -r -F
complete -c aimctl -n "__fish_aimctl_using_subcommand man" -s v -l verbose -d 'Say more; twice: still more'
complete -c aimctl -n "__fish_aimctl_using_subcommand man" -s q -l quiet -d 'Say nothing but errors on standard error'
complete -c aimctl -n "__fish_aimctl_using_subcommand man" -l no-config -d 'Read no configuration'
complete -c aimctl -n "__fish_aimctl_using_subcommand man" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c aimctl -n "__fish_aimctl_using_subcommand man" -s V -l version -d 'Print version'
complete -c aimctl -n "__fish_aimctl_using_subcommand help; and not __fish_seen_subcommand_from render validate diff why simulate explain graph catalog schema krm lsp completions man help" -f -a "render" -d 'Print the manifests that the controllers would make of each AIMService'
complete -c aimctl -n "__fish_aimctl_using_subcommand help; and not __fish_seen_subcommand_from render validate diff why simulate explain graph catalog schema krm lsp completions man help" -f -a "validate" -d 'Check documents: what would be refused, and what would be accepted and then fail'
complete -c aimctl -n "__fish_aimctl_using_subcommand help; and not __fish_seen_subcommand_from render validate diff why simulate explain graph catalog schema krm lsp completions man help" -f -a "diff" -d 'Show what a change does in the cluster: which objects differ, which pods roll, what is refused, what goes'
complete -c aimctl -n "__fish_aimctl_using_subcommand help; and not __fish_seen_subcommand_from render validate diff why simulate explain graph catalog schema krm lsp completions man help" -f -a "why" -d 'Tell why something is as it is: the decisions behind a service, or where one field came from'
complete -c aimctl -n "__fish_aimctl_using_subcommand help; and not __fish_seen_subcommand_from render validate diff why simulate explain graph catalog schema krm lsp completions man help" -f -a "simulate" -d 'Play a service\'s autoscaling under a load: how many replicas, when, and what is wrong with it'
complete -c aimctl -n "__fish_aimctl_using_subcommand help; and not __fish_seen_subcommand_from render validate diff why simulate explain graph catalog schema krm lsp completions man help" -f -a "explain" -d 'Explain a rule (D301, autoscaling-without-metric) or a field (aimservice.spec.autoScaling)'
complete -c aimctl -n "__fish_aimctl_using_subcommand help; and not __fish_seen_subcommand_from render validate diff why simulate explain graph catalog schema krm lsp completions man help" -f -a "graph" -d 'Draw the chain: what a service leads to, who makes it, with findings marked'
complete -c aimctl -n "__fish_aimctl_using_subcommand help; and not __fish_seen_subcommand_from render validate diff why simulate explain graph catalog schema krm lsp completions man help" -f -a "catalog" -d 'Show the built-in catalog of AIM images: models, GPUs, profiles'
complete -c aimctl -n "__fish_aimctl_using_subcommand help; and not __fish_seen_subcommand_from render validate diff why simulate explain graph catalog schema krm lsp completions man help" -f -a "schema" -d 'Print a JSON Schema (2020-12): of a kind, of a report, of aimctl.toml; without argument, what there is'
complete -c aimctl -n "__fish_aimctl_using_subcommand help; and not __fish_seen_subcommand_from render validate diff why simulate explain graph catalog schema krm lsp completions man help" -f -a "krm" -d 'Work as a KRM function, for kustomize and kpt: a ResourceList from standard input to standard output'
complete -c aimctl -n "__fish_aimctl_using_subcommand help; and not __fish_seen_subcommand_from render validate diff why simulate explain graph catalog schema krm lsp completions man help" -f -a "lsp" -d 'Serve an editor: a language server (LSP 3.17) on standard input and output'
complete -c aimctl -n "__fish_aimctl_using_subcommand help; and not __fish_seen_subcommand_from render validate diff why simulate explain graph catalog schema krm lsp completions man help" -f -a "completions" -d 'Print the completion script of a shell'
complete -c aimctl -n "__fish_aimctl_using_subcommand help; and not __fish_seen_subcommand_from render validate diff why simulate explain graph catalog schema krm lsp completions man help" -f -a "man" -d 'Print a manual page (roff)'
complete -c aimctl -n "__fish_aimctl_using_subcommand help; and not __fish_seen_subcommand_from render validate diff why simulate explain graph catalog schema krm lsp completions man help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
