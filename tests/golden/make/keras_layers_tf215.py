"""Writes tests/golden/keras/layers.npz: what each layer of TensorFlow 2.15's Keras computes and learns.

Run it with a Python that has TensorFlow 2.15.
"""

import pathlib

import keras_layers_cases as cases
import numpy as np
import tensorflow as tf

keras = tf.keras
arrays, facts = {}, {}


def keep(name, what, values):
    arrays["%s/%s" % (name, what)] = [np.asarray(value, np.float32) for value in values]


for name, case in cases.CASES.items():
    keras.backend.clear_session()
    layer, model = cases.model_of(keras, name)
    weights = cases.weights_of([weight.shape for weight in model.get_weights()])
    model.set_weights(weights)
    values = cases.inputs_of(name)
    x = values if case.several else values[0]
    keep(name, "inference", cases.as_list(model.predict(x, verbose=0)))
    masks = [getattr(output, "_keras_mask", None) for output in cases.as_list(model.outputs)]
    facts[name] = {
        "shapes": [list(output.shape) for output in model.outputs],
        "masked": [mask is not None for mask in masks],
        "weights": [list(weight.shape) for weight in model.weights],
        "trainable": [list(weight.shape) for weight in model.trainable_weights],
        "parameters": model.count_params(),
    }
    if any(facts[name]["masked"]):
        inputs = [tf.constant(value) for value in values]
        outputs = cases.as_list(model(inputs if case.several else inputs[0], training=False))
        found = [getattr(output, "_keras_mask", None) for output in outputs]
        keep(name, "mask", [mask for mask in found if mask is not None])
    if not case.train:
        continue
    cases.reset(model)
    tensors = [tf.constant(value) for value in values]
    with tf.GradientTape() as tape:
        tape.watch(tensors)
        outputs = cases.as_list(model(tensors if case.several else tensors[0], training=True))
        goals = cases.targets_of([output.numpy() for output in outputs])
        total = sum(tf.reduce_sum(output * goal) for output, goal in zip(outputs, goals))
    keep(name, "training", [output.numpy() for output in outputs])
    trainable = model.trainable_weights
    grads = tape.gradient(total, tensors + trainable)
    dense = [None if grad is None else tf.convert_to_tensor(grad).numpy() for grad in grads]
    if case.numbers:
        dense = dense[1:]
    keep(name, "gradients", [grad for grad in dense if grad is not None])
    model.set_weights(weights)
    cases.reset(model)
    model.compile(optimizer=keras.optimizers.SGD(0.05), loss="mse")
    losses, after = cases.learned(model, name)
    keep(name, "losses", [losses])
    keep(name, "weights", after)

for name, (kind, settings, shape) in cases.BOUNDS.items():
    bound = getattr(keras.constraints, kind)(**settings)
    keep("bounds", name, [bound(tf.constant(cases.weight_of(shape)))])
for name, (kind, settings) in cases.PENALTIES.items():
    keep("penalties", name, [getattr(keras.regularizers, kind)(**settings)(tf.constant(cases.weight_of((4, 3))))])
for name, settings in cases.ACTIVATIONS.items():
    function = getattr(keras.activations, name)
    keep("activations", name, [function(tf.constant(3 * cases.weight_of((4, 3))), **settings)])

target = pathlib.Path(__file__).resolve().parents[1] / "keras" / "layers.npz"
cases.write(target, arrays, facts)
print(len(cases.CASES), "cases,", target.stat().st_size, "bytes")
