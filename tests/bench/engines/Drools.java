// Drools with the rules of a network: one rule for when a node is true and one, or one a branch, for when it is
// false. In: a file with a node a line (see drools_rules.py), then commands on standard input, each answered by
// a line: `load FILE` reads cases, `run` fires the rules for each in a session of its own, `save FILE` writes
// the truth of all nodes. Truth is 0 false, 1 true, 2 unknown.

import static org.drools.model.PatternDSL.*;

import java.io.*;
import java.nio.file.*;
import java.util.*;
import org.drools.model.*;
import org.drools.model.impl.ModelImpl;
import org.drools.model.view.ViewItem;
import org.drools.modelcompiler.KieBaseBuilder;
import org.kie.api.KieBase;
import org.kie.api.runtime.KieSession;

public class Drools {
    static final int FALSE = 0, TRUE = 1, UNKNOWN = 2;

    /** A case: the truth of the tests of its answers, and what has been concluded. */
    public static class Case {
        final byte[] given;
        byte[] truth;
        boolean[] concluded;

        Case(String line) {
            given = new byte[line.length()];
            for (int i = 0; i < given.length; i++) given[i] = (byte) (line.charAt(i) - '0');
            truth = given;
        }

        /** The fact that a node is true or false; null where that has been concluded already. */
        Known conclude(int node, int value) {
            if (concluded[node]) return null;
            concluded[node] = true;
            truth[node] = (byte) value;
            return new Known(2 * node + value);
        }
    }

    /** A node whose truth has been concluded; `key` is twice its number, and one more where it is true. */
    public static class Known {
        final int key;

        Known(int key) {
            this.key = key;
        }

        public int getKey() {
            return key;
        }
    }

    final ModelImpl model = new ModelImpl();
    final List<String[]> nodes = new ArrayList<>();

    public static void main(String[] words) throws IOException {
        KieBase base = new Drools(Path.of(words[0])).base();
        List<Case> cases = new ArrayList<>();
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in));
        System.out.println("ready");
        for (String line; (line = commands.readLine()) != null; System.out.println("done")) {
            String[] command = line.split(" ", 2);
            if (command[0].equals("load")) {
                cases.clear();
                for (String each : Files.readAllLines(Path.of(command[1]))) cases.add(new Case(each));
            } else if (command[0].equals("run")) {
                for (Case each : cases) fire(base, each);
            } else {
                save(cases, Path.of(command[1]));
            }
        }
    }

    static void fire(KieBase base, Case one) {
        one.truth = one.given.clone();
        one.concluded = new boolean[one.truth.length];
        KieSession session = base.newKieSession();
        session.insert(one);
        session.fireAllRules();
        session.dispose();
    }

    static void save(List<Case> cases, Path path) throws IOException {
        try (BufferedWriter out = Files.newBufferedWriter(path)) {
            for (Case each : cases) {
                for (byte truth : each.truth) out.write('0' + truth);
                out.write('\n');
            }
        }
    }

    Drools(Path network) throws IOException {
        for (String line : Files.readAllLines(network)) nodes.add(line.split(" "));
        for (int node = 0; node < nodes.size(); node++) {
            switch (nodes.get(node)[0]) {
                case "given" -> { }
                case "asked" -> gated(node, Integer.parseInt(nodes.get(node)[1]));
                default -> gate(node);
            }
        }
    }

    KieBase base() {
        return KieBaseBuilder.createKieBaseFromModel(model);
    }

    /** A test that is false where the question does not apply and the answer does not decide. */
    void gated(int node, int asked) {
        conclude(node, TRUE, tests(new int[] {node, TRUE}), List.of());
        conclude(node, FALSE, tests(new int[] {node, FALSE}), List.of());
        conclude(node, FALSE, tests(new int[] {node, UNKNOWN}), List.of(known(asked, FALSE)));
    }

    /** `all` or `any` of literals, `5` and `-5` being node 4 and its opposite. */
    void gate(int node) {
        String[] words = nodes.get(node);
        for (int truth : new int[] {TRUE, FALSE}) {
            List<int[]> tests = new ArrayList<>();
            List<ViewItem> facts = new ArrayList<>();
            for (int i = 1; i < words.length; i++) {
                int literal = Integer.parseInt(words[i]), read = Math.abs(literal) - 1;
                int wanted = literal > 0 == (truth == TRUE) ? TRUE : FALSE;
                if (nodes.get(read)[0].equals("given")) tests.add(new int[] {read, wanted});
                else facts.add(known(read, wanted));
            }
            if (words[0].equals("all") == (truth == TRUE) || words.length == 2) {
                conclude(node, truth, tests, facts);
            } else {
                for (int[] test : tests) conclude(node, truth, tests(test), List.of());
                for (ViewItem fact : facts) conclude(node, truth, List.of(), List.of(fact));
            }
        }
    }

    static List<int[]> tests(int[] test) {
        return List.of(test);
    }

    static ViewItem known(int node, int truth) {
        int key = 2 * node + truth;
        AlphaIndex<Known, Integer> index =
            alphaIndexedBy(int.class, Index.ConstraintType.EQUAL, 0, fact -> fact.key, key);
        return pattern(declarationOf(Known.class)).expr("k" + key, fact -> fact.key == key, index, reactOn("key"));
    }

    /** A rule: where the case has these tests and these facts are known, so is the node. */
    void conclude(int node, int truth, List<int[]> tests, List<ViewItem> facts) {
        Variable<Case> one = declarationOf(Case.class);
        PatternDef<Case> answers = pattern(one);
        for (int[] test : tests) {
            int read = test[0], wanted = test[1];
            answers = answers.expr("c" + read + "=" + wanted, each -> each.given[read] == wanted);
        }
        List<RuleItemBuilder<?>> items = new ArrayList<>();
        items.add(answers);
        for (ViewItem fact : facts) items.add(fact);
        items.add(on(one).execute((drools, each) -> {
            Known fact = each.conclude(node, truth);
            if (fact != null) ((org.drools.model.Drools) drools).insert(fact);
        }));
        model.addRule(rule("r" + model.getRules().size()).build(items.toArray(new RuleItemBuilder[0])));
    }
}
