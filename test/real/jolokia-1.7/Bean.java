import io.conduktor.connect.otel.OpenTelemetryMetrics;

/** `java -javaagent:… -cp 'PLUGIN/*:KAFKA/*' Bean.java NAME`: the connector's own MBean in a JVM without Connect, which can have another agent than the stand. */
public class Bean {
  public static void main(String[] args) throws Exception {
    var made = OpenTelemetryMetrics.class.getDeclaredConstructor(String.class);
    made.setAccessible(true);
    var metrics = made.newInstance(args[0]);
    var produced = OpenTelemetryMetrics.class.getDeclaredMethod("countProduced", int.class);
    produced.setAccessible(true);
    produced.invoke(metrics, 42);
    Thread.currentThread().join();
  }
}
